# Why there is no page, and what to do next.
error-title = This did not work
error-not-found = There is nothing at this address, or nothing you may see. Check the address, or go back to the start page.
error-bad-request = The portal could not read this request. Go back, reload the page and try once more.
error-bad-query = Something behind the question mark of this address is not as it should be. Open the page from the menu again.
error-wrong-method = This address does not answer that way. Open it from the page that leads to it.
error-too-large = What you sent is too large. Send less at once.
error-already-sent = This form was sent before, with other content or only a moment ago. Open the page again to see how things stand.
error-overtaken = Somebody else changed this in the meantime. Open the page again and look before you repeat your change.
error-too-many = Too many attempts. Please wait { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
 } and try again.
error-busy = The database is busy. Nothing was changed; please try again in a moment.
error-typed-kept = What you typed is still here. Send it again in a moment.
error-send-again = Send again
error-broken = Something went wrong on our side. Nothing was changed halfway. If it happens again, tell your administrator the reference number.
error-reference = Reference
error-to-start = To the start page
error-to-licence = To the licence page
error-not-signed-in = Please sign in first.
error-no-rule = Nobody may use this address.
error-role = Your role does not allow this. An administrator can change your role.
error-licence = There is no valid licence for this. An administrator finds the reason on the licence page.
error-seat = You need a seat of the Development Tools licence for this. An administrator can assign you one.
error-scope = You have no access to an ERP connection. An administrator can give you access.
error-inactive = None of the ERP connections you may use is active. An administrator can activate one.
error-foreign-form = This form did not come from a page of this session. Open the page again and repeat your entry.
error-signed-out = Your session has ended. What you typed is still here: sign in in a new tab, then come back to this one and send it again.
error-other-session = You signed in again after opening this form. What you typed is still here; send it once more.
error-sign-in = Sign in (new tab)
form-invalid = This value cannot be used.
form-required = Please fill this in.
form-too-long = At most { $max } characters.
form-no-version = This page did not say which version your entry was made of. Compare it with what is saved now, then save again.
