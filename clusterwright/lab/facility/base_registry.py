"""DMTF's Base message registry, as far as the emulated controllers use it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a message says, what to do about it, and how bad it is."""

    text: str
    resolution: str
    severity: str = "Warning"


ENTRIES = {
    "Success": Entry(text="The request completed successfully.", resolution="None.", severity="OK"),
    "Created": Entry(
        text="The resource was created successfully.", resolution="None.", severity="OK"
    ),
    "GeneralError": Entry(
        text="A general error has occurred. See Resolution for information on how to resolve "
        "the error, or @Message.ExtendedInfo if Resolution is not provided.",
        resolution="None.",
        severity="Critical",
    ),
    "ResourceMissingAtURI": Entry(
        text="The resource at the URI '%1' was not found.",
        resolution="Place a valid resource at the URI or correct the URI and resubmit the request.",
        severity="Critical",
    ),
    "OperationNotAllowed": Entry(
        text="The HTTP method is not allowed on this resource.",
        resolution="None.",
        severity="Critical",
    ),
    "NoValidSession": Entry(
        text="There is no valid session established with the implementation.",
        resolution="Establish a session before attempting any operations.",
        severity="Critical",
    ),
    "ResourceAtUriUnauthorized": Entry(
        text="While accessing the resource at '%1', the service received an authorization "
        "error '%2'.",
        resolution="Ensure that the appropriate access is provided for the service in order for "
        "it to access the URI.",
        severity="Critical",
    ),
    "MalformedJSON": Entry(
        text="The request body submitted was malformed JSON and could not be parsed by the "
        "receiving service.",
        resolution="Ensure that the request body is valid JSON and resubmit the request.",
        severity="Critical",
    ),
    "UnrecognizedRequestBody": Entry(
        text="The service was unable to process the request body.",
        resolution="Correct the request body and resubmit the request if it failed.",
    ),
    "NoOperation": Entry(
        text="The request body submitted contain no data to act upon and no changes to the "
        "resource took place.",
        resolution="Add properties in the JSON object and resubmit the request.",
    ),
    "EmptyJSON": Entry(
        text="The request body submitted contained an empty JSON object and the service is "
        "unable to process it.",
        resolution="Add properties in the JSON object and resubmit the request.",
    ),
    "PropertyUnknown": Entry(
        text="The property %1 is not in the list of valid properties for the resource.",
        resolution="Remove the unknown property from the request body and resubmit the request "
        "if the operation failed.",
    ),
    "PropertyNotWritable": Entry(
        text="The property %1 is a read-only property and cannot be assigned a value.",
        resolution="Remove the property from the request body and resubmit the request if the "
        "operation failed.",
    ),
    "PropertyMissing": Entry(
        text="The property %1 is a required property and must be included in the request.",
        resolution="Ensure that the property is in the request body and has a valid value and "
        "resubmit the request if the operation failed.",
    ),
    "PropertyValueTypeError": Entry(
        text="The value '%1' for the property %2 is not a type that the property can accept.",
        resolution="Correct the value for the property in the request body and resubmit the "
        "request if the operation failed.",
    ),
    "PropertyValueNotInList": Entry(
        text="The value '%1' for the property %2 is not in the list of acceptable values.",
        resolution="Choose a value from the enumeration list that the implementation can support "
        "and resubmit the request if the operation failed.",
    ),
    "PropertyValueOutOfRange": Entry(
        text="The value '%1' for the property %2 is not in the supported range of acceptable "
        "values.",
        resolution="Correct the value for the property in the request body and resubmit the "
        "request if the operation failed.",
    ),
    "ActionParameterMissing": Entry(
        text="The action %1 requires the parameter %2 to be present in the request body.",
        resolution="Supply the action with the required parameter in the request body when the "
        "request is resubmitted.",
        severity="Critical",
    ),
    "ActionParameterNotSupported": Entry(
        text="The parameter %1 for the action %2 is not supported on the target resource.",
        resolution="Remove the parameter supplied and resubmit the request if the operation "
        "failed.",
    ),
    "PropertyValueFormatError": Entry(
        text="The value '%1' for the property %2 is not a format that the property can accept.",
        resolution="Correct the value for the property in the request body and resubmit the "
        "request if the operation failed.",
    ),
    "InsufficientPrivilege": Entry(
        text="There are insufficient privileges for the account or credentials associated with "
        "the current session to perform the requested operation.",
        resolution="Either abandon the operation or change the associated access rights and "
        "resubmit the request if the operation failed.",
        severity="Critical",
    ),
    "PasswordChangeRequired": Entry(
        text="The password provided for this account must be changed before access is granted. "
        "PATCH the Password property for this account located at the target URI '%1' to complete "
        "this process.",
        resolution="Change the password for this account using a PATCH to the Password property "
        "at the URI provided.",
        severity="Critical",
    ),
    "SessionLimitExceeded": Entry(
        text="The session establishment failed due to the number of simultaneous sessions "
        "exceeding the limit of the implementation.",
        resolution="Reduce the number of other sessions before trying to establish the session "
        "or increase the limit of simultaneous sessions, if supported.",
        severity="Critical",
    ),
    "ServiceTemporarilyUnavailable": Entry(
        text="The service is temporarily unavailable. Retry in %1 seconds.",
        resolution="Wait for the indicated retry duration and retry the operation.",
        severity="Critical",
    ),
    "ResourceAlreadyExists": Entry(
        text="The requested resource of type %1 with the property %2 with the value '%3' already "
        "exists.",
        resolution="Do not repeat the create operation as the resource was already created.",
        severity="Critical",
    ),
    "ResourceCannotBeDeleted": Entry(
        text="The delete request failed because the resource requested cannot be deleted.",
        resolution="Do not attempt to delete a non-deletable resource.",
        severity="Critical",
    ),
    "ResourceInUse": Entry(
        text="The change to the requested resource failed because the resource is in use or in "
        "transition.",
        resolution="Remove the condition and resubmit the request if the operation failed.",
    ),
    "QueryParameterValueFormatError": Entry(
        text="The value '%1' for the parameter %2 is not a format that the parameter can accept.",
        resolution="Correct the value for the query parameter in the request and resubmit the "
        "request if the operation failed.",
    ),
    "QueryParameterOutOfRange": Entry(
        text="The value '%1' for the query parameter %2 is not in the supported range of "
        "acceptable values.",
        resolution="Reduce the value for the query parameter to a value that is within range.",
    ),
    "PreconditionFailed": Entry(
        text="The ETag supplied did not match the ETag required to change this resource.",
        resolution="Try the operation again using the appropriate ETag.",
        severity="Critical",
    ),
    "QueryNotSupported": Entry(
        text="Querying is not supported by the implementation.",
        resolution="Remove the query parameters and resubmit the request if the operation failed.",
    ),
    "HeaderInvalid": Entry(
        text="Header '%1' is invalid.",
        resolution="Resubmit the request with a valid request header.",
        severity="Critical",
    ),
    "ResourceInStandby": Entry(
        text="The request could not be performed because the resource is in standby.",
        resolution="Ensure that the resource is in the correct power state and resubmit the "
        "request.",
        severity="Critical",
    ),
    "InternalError": Entry(
        text="The request failed due to an internal service error. The service is still "
        "operational.",
        resolution="Resubmit the request. If the problem persists, consider resetting the service.",
        severity="Critical",
    ),
}
