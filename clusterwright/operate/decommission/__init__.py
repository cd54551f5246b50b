"""A device leaves for good: erased, switched off, handed over, its name a hole.

device      what may leave: a node, PDU, CDU or switch
task        what all steps of one device share: plan, record, who opens what
who         who may leave, and who needs it
steps       of each kind, in their order
dependants  who could not do without it, by the plan and live
drives      erased through the BMC, or from the host
power       the host down, then its outlets
by_hand     what only a person can do
handover    the factory's password, and no certificate of ours
release     the record and the vault
run         step after step, each decided from what is there
leaving     who is on its way out, and who waits for that
cancel      the way back, while there is one
"""
