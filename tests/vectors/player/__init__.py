"""Plays recorded exchanges against a built gateway and says where it differs; ../README.md says how."""
