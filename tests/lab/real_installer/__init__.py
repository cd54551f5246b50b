"""Debian's own installer in a virtual machine, and what it needs around it.

archive  Debian's packages as this machine's apt knows them, and the installer's kernel
mirror   what the guest fetches them from: it has no way out of its network namespace
image    an installer's image, prepared as docs/os-install.md says
machine  a server that QEMU emulates, behind a BMC of ours
"""
