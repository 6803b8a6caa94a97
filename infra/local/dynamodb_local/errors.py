class DynamoDBLocalError(Exception):
    """DynamoDB Local could not be fetched or started; the message says what to do about it."""
