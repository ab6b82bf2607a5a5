"""Known places and names of `map_page.py`."""

BORDEAUX = (44.84, -0.60)
BORDEAUX_METROPOLE = "243300316"
# The name of a perimeter comes from an upload: this one tries to run.
INJECTION = "Pays <img src=x onerror=\"window.top.ran=1\"> `${1}` {{ 'x' }}"
