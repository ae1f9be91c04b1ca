"""A network receipt printer without the paper: takes ESC/POS bytes on a socket and shows them as pictures.

`python -m commerce.sandbox.receipt_printer` stands in for a real printer in the demo, in training and in tests. The
application and the bridge know it only by its address.
"""
