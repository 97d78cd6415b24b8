"""What tests share: stories, stores, servers, browsers, processes."""
