"""Loads wijken, postcodes and organisations from files: the publishers' own formats and ours.

First everything is read and checked, in bounded memory; then it is stored in one transaction, or not at all.
docs/handleiding/importeren.md describes the formats.
"""
