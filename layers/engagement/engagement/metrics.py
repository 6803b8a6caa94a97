"""Metrics, as CloudWatch's embedded format in the log: no call, no client. Nothing personal may be a dimension."""

from engagement.observability import explanation, logger


def count(name: str, value: int = 1, **dimensions: str) -> None:
    """Add to a metric of the stack (namespace POWERTOOLS_METRICS_NAMESPACE), in all and under these dimensions.

    Each has the dimension `service` (POWERTOOLS_SERVICE_NAME) besides. An alarm watches the metric that has no other:
    it is one series, however many campaigns there are.
    """
    # Imported here: most invocations count nothing out of the ordinary.
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    try:
        for more in (dimensions, {}) if dimensions else ({},):
            with single_metric(name=name, unit=MetricUnit.Count, value=value) as metric:
                for dimension, of in more.items():
                    metric.add_dimension(dimension, of)
    except Exception as error:  # noqa: BLE001 - no mail is worth less than its count
        logger().error("not counted", extra={"metric": name, **explanation(error)})
