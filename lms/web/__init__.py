"""How a request becomes a page: guards, forms, errors, languages, headers."""
