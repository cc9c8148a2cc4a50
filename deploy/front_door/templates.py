"""The text of nginx's configuration: the whole of it, and one server."""

from string import Template

HTTP = Template("""$globals
worker_rlimit_nofile 16384;
pid "$folder/nginx.pid";
error_log stderr warn;
events { worker_connections $connections; }
http {
  # nginx's own lines about a request have its address: names, and secrets of links. They have no
  # format, so there are none of them, and each failure has a line of this one.
  error_log stderr emerg;
  log_format failures escape=json '$failure';
  map $$status $$is_failure { ~^5 1; default 0; }
  access_log /dev/stderr failures if=$$is_failure;
  server_tokens off;
  client_body_temp_path "$folder/body";
  proxy_temp_path "$folder/proxy";
  fastcgi_temp_path "$folder/fastcgi";
  uwsgi_temp_path "$folder/uwsgi";
  scgi_temp_path "$folder/scgi";
  proxy_buffer_size $head_buffer;
  proxy_buffers 8 $head_buffer;
  client_header_timeout ${head_s}s;
  client_body_timeout ${body_s}s;
  send_timeout 60s;
  keepalive_timeout ${idle_s}s;
  large_client_header_buffers $buffers $buffer;
  client_max_body_size $json_bytes;
  reset_timedout_connection on;
  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_min_length 600;
  gzip_types $gzip;
  # A network of $v6_prefix bits of IPv6 is one client: whoever has one has all of its addresses.
  map $$binary_remote_addr $$client {
    "~^\\x00{10}\\xff\\xff(?<of_v4>(?s:.{4}))$$" $$of_v4;
    "~^(?<of_v6>(?s:.{$v6_bytes}))(?s:.{$v6_rest})$$" $$of_v6;
    default $$binary_remote_addr;
  }
  limit_conn_zone $$client zone=connections:10m;
  limit_req_zone $$client zone=requests:10m rate=${a_minute}r/m;
  limit_conn_status 429;
  limit_req_status 429;
  limit_conn_log_level info;
  limit_req_log_level info;
  $trusted
  $upstreams
  # Requests that change something go to the write side, and so does the list of a phone's chunks.
  map $$request_method:$$uri $$side {
    ~^[A-Z]+:/(auth|share)/ $api;
    ~^(GET|HEAD):/v1/sessions/[^/]+/chunks$$ $gateway;
    ~^(GET|HEAD):/docs/gateway.json$$ $gateway;
    ~^(GET|HEAD): $api;
    ~^[A-Z]+:/v1/ $gateway;
    default $api;
  }
  # nginx adds no header whose value is empty.
  map $$https $$strict_transport { on "max-age=31536000"; default ""; }
  # For nginx's own 405: clips are read, and all other addresses are those of the sides.
  map $$request_uri $$allowed {
    ~^/store/ "GET, HEAD";
    default "$methods";
  }
  # A page for people, a problem for scripts.
  map $$http_accept $$away {
    ~text/html @away_page;
    default @away_problem;
  }
  map $$http_accept $$many {
    ~text/html @away_page;
    default @too_many_requests;
  }
$servers
}
""")

SERVER = Template("""  server {
    $listen
    $strict
    $bind
    limit_conn connections $connections_of_client;
    limit_req zone=requests burst=$burst nodelay;
    # A connection for each request. Of one that is kept, a side may hang up in the moment in which
    # the next request is sent: that one would be answered as if the side were away.
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $$http_host;
    proxy_set_header X-Forwarded-For $$remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout ${connect_s}s;
    proxy_read_timeout ${events_s}s;
    proxy_next_upstream off;
    proxy_request_buffering off;
    proxy_max_temp_file_size 0;
    error_page 502 504 = $$away;
    error_page 429 = $$many;
    $refusals
    location = $alive { access_log off; default_type text/plain; return 200 ready; }
    location / { proxy_pass http://$$side; }
    location ~ ^/v1/sessions/[^/]+/chunks/ {
      client_max_body_size $chunk_bytes;
      proxy_pass http://$$side;
    }
    location ~ /events$$ { proxy_buffering off; gzip off; proxy_pass http://$$side; }
    # Clips only. The store sees the name that the read side signed their addresses for.
    location ^~ /store/$bucket/clips/ {
      limit_except GET { deny all; }
      $strict
      # As all private answers: a voice stays in no cache, where its erasure does not reach it.
      add_header Cache-Control "$unstored" always;
      add_header X-Content-Type-Options nosniff always;
      # Its addresses are signed for GET. HEAD is answered with the head of that answer.
      proxy_method GET;
      # A variable: its name is looked up again while nginx runs.
      set $$store_now $store;
      rewrite ^/store(/.*)$$ $$1 break;
      proxy_set_header Host $store_host;
      proxy_set_header X-Forwarded-For "";
      proxy_set_header X-Forwarded-Proto "";
      proxy_set_header Cookie "";
      proxy_set_header Authorization "";
      proxy_ssl_server_name on;
      proxy_pass $store_scheme://$$store_now;
    }
    location @away_page {
      internal;
      default_type text/html;
      $page_headers
      add_header Retry-After 5 always;
      return 503 '$away_page';
    }
  }
""")
