"""One item on its way in: loaded, inspected, treated, resumed."""
