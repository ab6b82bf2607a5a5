"""The portrait of one territory: choosing it, what it declares, its peers, those around it, support and advice."""
