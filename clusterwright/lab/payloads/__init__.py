"""What the lab's packages install on its hosts: programs that stand in for hardware's own."""
