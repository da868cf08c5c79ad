"""One file per board; file = name = class."""
