"""A node leaves for good: erased, switched off, handed over, its name a hole.

task      what all steps of one node share: plan, record, who opens what
drives    erased through the BMC, or from the host
power     the host down, then its outlets
handover  the factory's password, and no certificate of ours
release   the record and the vault
leaving   who is on its way out, and who waits for that
cancel    the way back, while there is one
run       step after step, each decided from what is there
"""
