"""Other people's generators on a leaf–spine fabric of as many switches as one of our sites has."""
