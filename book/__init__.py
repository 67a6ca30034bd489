"""The book: the chapter, the guides and the reference, built into a site by `make book`."""
