"""VuePress, VitePress and Valaxy, which share their kind of pages."""
