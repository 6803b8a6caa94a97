"""`rishta plan`: look at the engagement plan that a stack follows, and publish another one without deploying."""
