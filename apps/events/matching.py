"""Which known event a story event is: scored and explained. Plain: values in, values out."""
