"""DMTF's Base message registry, as far as the emulated controllers use it."""

from dataclasses import dataclass
from typing import Any

REGISTRY = "Base.1.18"
Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    text: str
    resolution: str
    severity: str = "Warning"


_ENTRIES = {
    "Success": _Entry(
        text="The request completed successfully.", resolution="None.", severity="OK"
    ),
    "Created": _Entry(
        text="The resource was created successfully.", resolution="None.", severity="OK"
    ),
    "GeneralError": _Entry(
        text="A general error has occurred. See Resolution for information on how to resolve "
        "the error, or @Message.ExtendedInfo if Resolution is not provided.",
        resolution="None.",
        severity="Critical",
    ),
    "ResourceMissingAtURI": _Entry(
        text="The resource at the URI '%1' was not found.",
        resolution="Place a valid resource at the URI or correct the URI and resubmit the request.",
        severity="Critical",
    ),
    "OperationNotAllowed": _Entry(
        text="The HTTP method is not allowed on this resource.",
        resolution="None.",
        severity="Critical",
    ),
    "NoValidSession": _Entry(
        text="There is no valid session established with the implementation.",
        resolution="Establish a session before attempting any operations.",
        severity="Critical",
    ),
    "ResourceAtUriUnauthorized": _Entry(
        text="While accessing the resource at '%1', the service received an authorization "
        "error '%2'.",
        resolution="Ensure that the appropriate access is provided for the service in order for "
        "it to access the URI.",
        severity="Critical",
    ),
    "MalformedJSON": _Entry(
        text="The request body submitted was malformed JSON and could not be parsed by the "
        "receiving service.",
        resolution="Ensure that the request body is valid JSON and resubmit the request.",
        severity="Critical",
    ),
    "UnrecognizedRequestBody": _Entry(
        text="The service was unable to process the request body.",
        resolution="Correct the request body and resubmit the request if it failed.",
    ),
    "NoOperation": _Entry(
        text="The request body submitted contain no data to act upon and no changes to the "
        "resource took place.",
        resolution="Add properties in the JSON object and resubmit the request.",
    ),
    "EmptyJSON": _Entry(
        text="The request body submitted contained an empty JSON object and the service is "
        "unable to process it.",
        resolution="Add properties in the JSON object and resubmit the request.",
    ),
    "PropertyUnknown": _Entry(
        text="The property %1 is not in the list of valid properties for the resource.",
        resolution="Remove the unknown property from the request body and resubmit the request "
        "if the operation failed.",
    ),
    "PropertyNotWritable": _Entry(
        text="The property %1 is a read-only property and cannot be assigned a value.",
        resolution="Remove the property from the request body and resubmit the request if the "
        "operation failed.",
    ),
    "PropertyMissing": _Entry(
        text="The property %1 is a required property and must be included in the request.",
        resolution="Ensure that the property is in the request body and has a valid value and "
        "resubmit the request if the operation failed.",
    ),
    "PropertyValueTypeError": _Entry(
        text="The value '%1' for the property %2 is not a type that the property can accept.",
        resolution="Correct the value for the property in the request body and resubmit the "
        "request if the operation failed.",
    ),
    "PropertyValueNotInList": _Entry(
        text="The value '%1' for the property %2 is not in the list of acceptable values.",
        resolution="Choose a value from the enumeration list that the implementation can support "
        "and resubmit the request if the operation failed.",
    ),
    "PropertyValueOutOfRange": _Entry(
        text="The value '%1' for the property %2 is not in the supported range of acceptable "
        "values.",
        resolution="Correct the value for the property in the request body and resubmit the "
        "request if the operation failed.",
    ),
    "ActionParameterMissing": _Entry(
        text="The action %1 requires the parameter %2 to be present in the request body.",
        resolution="Supply the action with the required parameter in the request body when the "
        "request is resubmitted.",
        severity="Critical",
    ),
    "ActionParameterNotSupported": _Entry(
        text="The parameter %1 for the action %2 is not supported on the target resource.",
        resolution="Remove the parameter supplied and resubmit the request if the operation "
        "failed.",
    ),
    "PropertyValueFormatError": _Entry(
        text="The value '%1' for the property %2 is not a format that the property can accept.",
        resolution="Correct the value for the property in the request body and resubmit the "
        "request if the operation failed.",
    ),
    "InsufficientPrivilege": _Entry(
        text="There are insufficient privileges for the account or credentials associated with "
        "the current session to perform the requested operation.",
        resolution="Either abandon the operation or change the associated access rights and "
        "resubmit the request if the operation failed.",
        severity="Critical",
    ),
    "PasswordChangeRequired": _Entry(
        text="The password provided for this account must be changed before access is granted. "
        "PATCH the Password property for this account located at the target URI '%1' to complete "
        "this process.",
        resolution="Change the password for this account using a PATCH to the Password property "
        "at the URI provided.",
        severity="Critical",
    ),
    "SessionLimitExceeded": _Entry(
        text="The session establishment failed due to the number of simultaneous sessions "
        "exceeding the limit of the implementation.",
        resolution="Reduce the number of other sessions before trying to establish the session "
        "or increase the limit of simultaneous sessions, if supported.",
        severity="Critical",
    ),
    "ServiceTemporarilyUnavailable": _Entry(
        text="The service is temporarily unavailable. Retry in %1 seconds.",
        resolution="Wait for the indicated retry duration and retry the operation.",
        severity="Critical",
    ),
    "ResourceAlreadyExists": _Entry(
        text="The requested resource of type %1 with the property %2 with the value '%3' already "
        "exists.",
        resolution="Do not repeat the create operation as the resource was already created.",
        severity="Critical",
    ),
    "ResourceCannotBeDeleted": _Entry(
        text="The delete request failed because the resource requested cannot be deleted.",
        resolution="Do not attempt to delete a non-deletable resource.",
        severity="Critical",
    ),
    "ResourceInUse": _Entry(
        text="The change to the requested resource failed because the resource is in use or in "
        "transition.",
        resolution="Remove the condition and resubmit the request if the operation failed.",
    ),
    "QueryParameterValueFormatError": _Entry(
        text="The value '%1' for the parameter %2 is not a format that the parameter can accept.",
        resolution="Correct the value for the query parameter in the request and resubmit the "
        "request if the operation failed.",
    ),
    "QueryParameterOutOfRange": _Entry(
        text="The value '%1' for the query parameter %2 is not in the supported range of "
        "acceptable values.",
        resolution="Reduce the value for the query parameter to a value that is within range.",
    ),
    "PreconditionFailed": _Entry(
        text="The ETag supplied did not match the ETag required to change this resource.",
        resolution="Try the operation again using the appropriate ETag.",
        severity="Critical",
    ),
    "QueryNotSupported": _Entry(
        text="Querying is not supported by the implementation.",
        resolution="Remove the query parameters and resubmit the request if the operation failed.",
    ),
    "HeaderInvalid": _Entry(
        text="Header '%1' is invalid.",
        resolution="Resubmit the request with a valid request header.",
        severity="Critical",
    ),
    "ResourceInStandby": _Entry(
        text="The request could not be performed because the resource is in standby.",
        resolution="Ensure that the resource is in the correct power state and resubmit the "
        "request.",
        severity="Critical",
    ),
    "InternalError": _Entry(
        text="The request failed due to an internal service error. The service is still "
        "operational.",
        resolution="Resubmit the request. If the problem persists, consider resetting the service.",
        severity="Critical",
    ),
}


def message(key: str, *args: str, about: str = "", resolution: str = "") -> Body:
    """Return one message object; `about` is the JSON pointer of the property it speaks of."""
    entry = _ENTRIES[key]
    text = entry.text
    for number, argument in enumerate(args, start=1):
        text = text.replace(f"%{number}", argument)
    return {
        "@odata.type": "#Message.v1_2_1.Message",
        "MessageId": f"{REGISTRY}.{key}",
        "Message": text,
        "MessageArgs": list(args),
        "MessageSeverity": entry.severity,
        "Resolution": resolution or entry.resolution,
        **({"RelatedProperties": [about]} if about else {}),
    }


def error_body(*messages: Body) -> Body:
    """Return the body of a refusal with all its messages."""
    code, text = messages[0]["MessageId"], messages[0]["Message"]
    if len(messages) > 1:
        code, text = f"{REGISTRY}.GeneralError", _ENTRIES["GeneralError"].text
    return {"error": {"code": code, "message": text, "@Message.ExtendedInfo": list(messages)}}
