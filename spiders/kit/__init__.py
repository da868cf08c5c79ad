"""What a spider engineer works with: goldens, and the bodies of ``rolecall new``, ``try`` and ``record``."""
