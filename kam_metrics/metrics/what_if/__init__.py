"""What would change: customers that leave, terms, prices, minimum orders, cost to serve (measures.md 3.5 and 3.9).

Estimates over the figures of the period, exact and without any other assumption than the one that is asked; one module
per question.
"""

from kam_metrics.metrics.what_if.leaving import SPREAD, Book, Customer, Loss, book, lose
from kam_metrics.metrics.what_if.ordering import Orders, minimum_order
from kam_metrics.metrics.what_if.paying import Terms, terms
from kam_metrics.metrics.what_if.pricing import Price, price, staying_cost
from kam_metrics.metrics.what_if.serving import Service, service

__all__ = [
    "SPREAD",
    "Book",
    "Customer",
    "Loss",
    "Orders",
    "Price",
    "Service",
    "Terms",
    "book",
    "lose",
    "minimum_order",
    "price",
    "service",
    "staying_cost",
    "terms",
]
