"""VuePress, VitePress and Valaxy: sites of pages."""
