// PostgreSQL's client library, mapped when a store on a server is first asked for.
//
// It brings some twenty libraries with it (Kerberos, LDAP, GnuTLS, ...), 3.5 MB and a part of every start, which
// gateways with a file as their store, or with none, have no use for. So the program is not linked with it: libpq.cpp
// has each of its functions that is called here, and passes the call on.
#pragma once

#include <string>

namespace patchbay::store {

/// Maps it, once. Empty if it is there; else why not, and then none of its functions may be called. Any thread; blocks
/// for some milliseconds the first time.
const std::string& missing_libpq();

}  // namespace patchbay::store
