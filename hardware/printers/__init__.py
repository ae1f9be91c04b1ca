"""Receipt printers: document → lines (`layout`) → ESC/POS bytes (`escpos`) → device (`device`), and back (`render`)."""
