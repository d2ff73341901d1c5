"""The reading of one article: plain code without Django, database, network or clock."""

VERSION = "3"
