"""What devices measure: read only, and nothing that anybody declares.

node       a server's power
supplies   power supplies of servers, rectifiers of shelves
cdu        pumps, filters and readings of a CDU
leaks      detectors
pdu        outlets, branches and input of a rack PDU
"""
