"""The nouns that all rooms share: frozen records, protocols, finding codes, errors, clock, seed."""
