"""Pure readers: bytes of the source enter, frozen records and issues leave."""
