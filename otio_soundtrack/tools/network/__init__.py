"""The door to the network (floor 2): the only place that knows the HTTP library.

=========  ============================================================================
addresses  which addresses may be reached
places     where requests may go
guard      connections to checked addresses only, and the moment when bytes leave
body       bodies of requests, files read while they are sent
client     requests out, replies in; the key to one origin only
answer     answers, within bounds
events     server-sent events
download   files: bounded, resumed, judged by their bytes
failures   what went wrong, told apart by whether anything has left
=========  ============================================================================
"""
