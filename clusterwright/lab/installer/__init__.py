"""Installers as they run on the lab's nodes: strict, so that a wrong answer gives no host.

install     one run, from the medium to a disk with a system
image       what is on the medium
kernel_line what the boot menu tells the installer
answer      what an answer file asks for
preseed     Debian's answer file
autoinstall Ubuntu's
environment where the installer works: the host's namespaces, network and disk
act         doing what was asked for
disks       the node's disks, and what the chosen one holds afterwards
"""

from clusterwright.lab.installer.install import install

__all__ = ["install"]
