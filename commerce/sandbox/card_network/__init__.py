"""The card network: a stand-in for the world's payment system, as a process of its own.

It speaks the Stripe HTTP API over loopback, so the real ``stripe`` client and the real browser calls work against it
unchanged, and it can be told to fail in every way a payment network fails. Run it with
``python -m commerce.sandbox.card_network``; that module's text describes settings, magic cards and the control API.
No card number that is typed into it is ever written to disk.
"""
