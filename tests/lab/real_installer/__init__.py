"""Debian's own installer in a virtual machine, and what it needs around it.

archive     Debian's packages as this machine's apt knows them
mirror      what the guest fetches them from: it has no way out of its network namespace
components  the installer's own packages, of those that the archive still has
installer   its kernel and initrd
image       its disc, prepared as docs/os-install.md says
machine     a server that QEMU emulates, behind a BMC of the lab's
scene       all of that, and `apply` of OsInstall
"""
