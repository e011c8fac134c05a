# patchbay_add_plugin(): see below. (being written)
