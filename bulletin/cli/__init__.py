"""The command line. One file a command: it parses, calls one function of the library, and prints."""
