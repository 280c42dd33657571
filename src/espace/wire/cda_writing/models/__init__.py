"""One module for each model of content: values in, the bytes of a whole document out."""
