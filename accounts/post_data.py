def post_data(request):
    """Return the data for the form; None for a GET. An empty POST counts as sent, so that the form shows its errors."""
    return request.POST if request.method == "POST" else None
