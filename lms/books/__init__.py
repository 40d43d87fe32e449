"""A course as a book: an EPUB for a phone without network, a PDF for paper."""
