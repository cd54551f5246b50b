"""The operating system of a host: installed once, by an answer file, and never again unasked.

blank     whether nothing runs on a server that does not answer
order     what one host shall be installed with
state     what is installed, as the host and the site's known_hosts say; differences
install   from what is to what shall be: `read`, `differences`, `apply`
run       one installation from the first request to the first login
boot      the controller's part: media, boot override, reset
boots     the boot service, lent to all installations of a process
attempt   what an interrupted installation leaves for the next run
answer    answer files with their secrets in them
"""

from clusterwright.access.os_install.boots import Boots
from clusterwright.access.os_install.install import apply, read
from clusterwright.access.os_install.means import Means
from clusterwright.access.os_install.order import Order
from clusterwright.access.os_install.state import InstallState, differences

__all__ = ["Boots", "InstallState", "Means", "Order", "apply", "differences", "read"]
