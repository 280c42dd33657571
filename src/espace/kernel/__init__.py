"""Words everybody uses. Pure: values in, values out."""
