"""What every audience's pages share: access, the transaction, forms, pages, filters, errors, headers."""
