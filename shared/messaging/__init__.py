"""Kafka behind one door: wire format, topics, producer, consumer; nothing else imports a client."""
