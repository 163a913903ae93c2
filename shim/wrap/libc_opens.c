/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that open what a variable names: see libc_env.h. */
#define _GNU_SOURCE
#include "core/libc.h"
#include "wrap/libc_env.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <iconv.h>
#include <resolv.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

/* LEADING where it returns nothing. */
#define LEADING_VOID(call, begin) \
	{ \
		bool led = begin; \
		call; \
		if (led) \
			libc_env_end(); \
	}

#define AROUND(type, name, parameters, arguments) \
	WRAP_LIST(type, name, parameters); \
	type pt_##name parameters LEADING(type, REAL(name) arguments, libc_env_begin(), \
					  libc_env_end())

#define AROUND_VOID(name) \
	WRAP(void, name, void); \
	void pt_##name(void) LEADING_VOID(REAL(name)(), libc_env_begin())

/* As WRAP, with the parameters in parentheses. */
#define WRAP_LIST(type, name, parameters) \
	typedef type real_##name##_fn parameters; \
	WRAP_SLOT(name); \
	type pt_##name parameters WRAP_SYMBOL(#name)

/* -- TZ, TZDIR, DATEMSK -- */

AROUND_VOID(tzset)
AROUND(void *, localtime, (const void *time), (time))
AROUND(void *, localtime_r, (const void *time, void *out), (time, out))
AROUND(long, mktime, (void *tm), (tm))
AROUND(long, timelocal, (void *tm), (tm))
AROUND(char *, ctime, (const void *time), (time))
AROUND(char *, ctime_r, (const void *time, char *out), (time, out))
AROUND(void *, __localtime64, (const void *time), (time))
AROUND(void *, __localtime64_r, (const void *time, void *out), (time, out))
AROUND(int64_t, __mktime64, (void *tm), (tm))
AROUND(char *, __ctime64, (const void *time), (time))
AROUND(char *, __ctime64_r, (const void *time, char *out), (time, out))

/*
 * These read a zone only if none was read before. Their price is one look at a flag as soon
 * as that is certain.
 */
static bool zone_read;

static inline bool zone_begin(void)
{
	return !__atomic_load_n(&zone_read, __ATOMIC_RELAXED) && libc_env_begin();
}

#define AROUND_ZONE(type, name, parameters, arguments, reads) \
	WRAP_LIST(type, name, parameters); \
	type pt_##name parameters \
	{ \
		bool led = zone_begin(); \
		type ret = REAL(name) arguments; \
		if (led) \
			libc_env_end(); \
		if (reads) \
			__atomic_store_n(&zone_read, true, __ATOMIC_RELAXED); \
		return ret; \
	}

#ifdef __GLIBC__
enum { READS_ZONE = true };
#else
enum { READS_ZONE = false };
#endif

AROUND_ZONE(void *, gmtime, (const void *time), (time), READS_ZONE)
AROUND_ZONE(void *, gmtime_r, (const void *time, void *out), (time, out), READS_ZONE)
AROUND_ZONE(void *, __gmtime_r, (const void *time, void *out), (time, out), READS_ZONE)
AROUND_ZONE(void *, __gmtime64, (const void *time), (time), READS_ZONE)
AROUND_ZONE(void *, __gmtime64_r, (const void *time, void *out), (time, out), READS_ZONE)
AROUND_ZONE(long, timegm, (void *tm), (tm), READS_ZONE)
AROUND_ZONE(int64_t, __timegm64, (void *tm), (tm), READS_ZONE)
AROUND_ZONE(char *, strptime, (const char *text, const char *format, void *tm),
	    (text, format, tm), false)
AROUND_ZONE(char *, strptime_l,
	    (const char *text, const char *format, void *tm, void *locale),
	    (text, format, tm, locale), false)
AROUND_ZONE(int, fmtmsg,
	    (long classification, const char *label, int severity, const char *text,
	     const char *action, const char *tag),
	    (classification, label, severity, text, action, tag), false)

#define LOG(name, parameters, last, real, arguments) \
	WRAP_LIST(void, name, parameters); \
	void pt_##name parameters \
	{ \
		bool led = zone_begin(); \
		va_list list; \
		va_start(list, last); \
		REAL(real) arguments; \
		va_end(list); \
		if (led) \
			libc_env_end(); \
	}

#define AROUND_LOG(name, parameters, arguments) \
	WRAP_LIST(void, name, parameters); \
	void pt_##name parameters LEADING_VOID(REAL(name) arguments, zone_begin())

AROUND_LOG(vsyslog, (int priority, const char *format, va_list list),
	   (priority, format, list))
AROUND_LOG(__vsyslog_chk, (int priority, int flag, const char *format, va_list list),
	   (priority, flag, format, list))
LOG(syslog, (int priority, const char *format, ...), format, vsyslog,
    (priority, format, list))
LOG(__syslog_chk, (int priority, int flag, const char *format, ...), format,
    __vsyslog_chk, (priority, flag, format, list))

#define FORMAT_PARAMETERS (void *out, size_t max, const void *format, const void *tm)
#define FORMAT_L_PARAMETERS \
	(void *out, size_t max, const void *format, const void *tm, void *locale)

AROUND(size_t, strftime, FORMAT_PARAMETERS, (out, max, format, tm))
AROUND(size_t, wcsftime, FORMAT_PARAMETERS, (out, max, format, tm))
AROUND(size_t, strftime_l, FORMAT_L_PARAMETERS, (out, max, format, tm, locale))
AROUND(size_t, wcsftime_l, FORMAT_L_PARAMETERS, (out, max, format, tm, locale))
AROUND(size_t, __strftime_l, FORMAT_L_PARAMETERS, (out, max, format, tm, locale))
AROUND(size_t, __wcsftime_l, FORMAT_L_PARAMETERS, (out, max, format, tm, locale))
AROUND(void *, getdate, (const char *text), (text))
AROUND(int, getdate_r, (const char *text, void *tm), (text, tm))

/* -- GCONV_PATH -- */

AROUND(void *, iconv_open, (const char *to, const char *from), (to, from))

/*
 * libc reads this variable once, when it first converts text: in iconv_open(3), or in any
 * function of wide characters. So it is made to do so while the variable is led.
 */
static void load_conversions(void)
{
#ifdef __GLIBC__
	void *cd;

	if (!environment_value(libc_environ, "GCONV_PATH"))
		return;
	cd = REAL(iconv_open)("UTF-16LE", "UTF-8");
	if (cd != (void *)-1)
		LIBC(iconv_close)(cd);
#endif
}

#ifdef __GLIBC__
WRAP_LIST(int, __res_ninit, (void *state));
WRAP_LIST(void, __res_nclose, (void *state));
#endif

/* The same of RESOLV_HOST_CONF, which whatever asks for a host reads once. */
static void load_hosts(void)
{
#ifdef __GLIBC__
	struct __res_state state;

	if (!environment_value(libc_environ, "RESOLV_HOST_CONF"))
		return;
	memset(&state, 0, sizeof state);
	if (REAL(__res_ninit)(&state) == 0)
		REAL(__res_nclose)(&state);
#endif
}

void libc_env_start(void)
{
	if ((!environment_value(libc_environ, "GCONV_PATH") &&
	     !environment_value(libc_environ, "RESOLV_HOST_CONF")) ||
	    !libc_env_begin())
		return;
	load_conversions();
	load_hosts();
	libc_env_end();
}

/* The program may set one itself. ENTRY: from its name on. */
static void look_again(const char *entry)
{
	const int saved = errno;

	if (likely(!entry || (!text_after(entry, "GCONV_PATH") &&
			      !text_after(entry, "RESOLV_HOST_CONF"))))
		return;
	libc_env_start();
	errno = saved;
}

WRAP(int, setenv, const char *name, const char *value, int replace);

int pt_setenv(const char *name, const char *value, int replace)
{
	const int ret = REAL(setenv)(name, value, replace);

	if (ret == 0)
		look_again(name);
	return ret;
}

WRAP(int, putenv, char *entry);

int pt_putenv(char *entry)
{
	const int ret = REAL(putenv)(entry);

	if (ret == 0)
		look_again(entry);
	return ret;
}

/* -- LOCPATH; and GCONV_PATH where the program wrote to environ -- */

#define AROUND_LOCALE(type, name, parameters, arguments) \
	WRAP_LIST(type, name, parameters); \
	type pt_##name parameters \
	{ \
		const int saved = errno; \
		bool led = libc_env_begin(); \
		if (led) \
			load_conversions(); \
		errno = saved; \
		type ret = REAL(name) arguments; \
		if (led) \
			libc_env_end(); \
		return ret; \
	}

AROUND_LOCALE(char *, setlocale, (int category, const char *name), (category, name))
AROUND_LOCALE(void *, newlocale, (int mask, const char *name, void *base),
	      (mask, name, base))
AROUND_LOCALE(void *, __newlocale, (int mask, const char *name, void *base),
	      (mask, name, base))

/* -- HOSTALIASES, RESOLV_HOST_CONF -- */

AROUND(int, getaddrinfo,
       (const char *node, const char *service, const void *hints, void *found),
       (node, service, hints, found))
AROUND(void *, gethostbyname, (const char *name), (name))
AROUND(void *, gethostbyname2, (const char *name, int family), (name, family))
AROUND(int, gethostbyname_r,
       (const char *name, void *out, char *room, size_t size, void *found, int *error),
       (name, out, room, size, found, error))
AROUND(int, gethostbyname2_r,
       (const char *name, int family, void *out, char *room, size_t size, void *found,
	int *error),
       (name, family, out, room, size, found, error))

AROUND(void *, gethostbyaddr, (const void *address, unsigned len, int family),
       (address, len, family))
AROUND(int, gethostbyaddr_r,
       (const void *address, unsigned len, int family, void *out, char *room, size_t size,
	void *found, int *error),
       (address, len, family, out, room, size, found, error))
AROUND(void *, gethostent, (void), ())
AROUND(long, gethostid, (void), ())
AROUND(int, gethostent_r, (void *out, char *room, size_t size, void *found, int *error),
       (out, room, size, found, error))
AROUND(int, getnameinfo,
       (const void *address, unsigned len, char *host, unsigned host_size, char *service,
	unsigned service_size, int flags),
       (address, len, host, host_size, service, service_size, flags))
AROUND(int, ruserok, (const char *host, int root, const char *remote, const char *local),
       (host, root, remote, local))
AROUND(int, ruserok_af,
       (const char *host, int root, const char *remote, const char *local,
	unsigned short family),
       (host, root, remote, local, family))
AROUND(int, iruserok, (uint32_t address, int root, const char *remote, const char *local),
       (address, root, remote, local))
AROUND(int, iruserok_af,
       (const void *address, int root, const char *remote, const char *local,
	unsigned short family),
       (address, root, remote, local, family))
AROUND(int, rcmd,
       (char **host, unsigned short port, const char *local, const char *remote,
	const char *command, int *error_fd),
       (host, port, local, remote, command, error_fd))
AROUND(int, rcmd_af,
       (char **host, unsigned short port, const char *local, const char *remote,
	const char *command, int *error_fd, unsigned short family),
       (host, port, local, remote, command, error_fd, family))

/* A thread of libc's own may look at the variables at any time after this. */
WRAP(int, getaddrinfo_a, int mode, void *list, int n, void *event);

int pt_getaddrinfo_a(int mode, void *list, int n, void *event)
{
	enum { WAIT = 0 };
	bool led = libc_env_begin();
	int ret = REAL(getaddrinfo_a)(mode, list, n, event);

	if (led && mode == WAIT)
		libc_env_end();
	return ret;
}

/* -- .netrc in HOME, and HOSTALIASES -- */

#define AROUND_HOME(name, parameters, arguments) \
	WRAP_LIST(int, name, parameters); \
	int pt_##name parameters LEADING(int, REAL(name) arguments, \
					 libc_env_begin_home(), libc_env_end_home())

AROUND_HOME(ruserpass, (const char *host, const char **name, const char **password),
	    (host, name, password))
AROUND_HOME(rexec,
	    (char **host, int port, const char *name, const char *password,
	     const char *command, int *error_fd),
	    (host, port, name, password, command, error_fd))
AROUND_HOME(rexec_af,
	    (char **host, int port, const char *name, const char *password,
	     const char *command, int *error_fd, unsigned short family),
	    (host, port, name, password, command, error_fd, family))

#define SEARCH_PARAMETERS (const char *name, int class, int type, void *answer, int size)
#define NSEARCH_PARAMETERS \
	(void *state, const char *name, int class, int type, void *answer, int size)

AROUND(int, res_search, SEARCH_PARAMETERS, (name, class, type, answer, size))
AROUND(int, __res_search, SEARCH_PARAMETERS, (name, class, type, answer, size))
AROUND(int, res_nsearch, NSEARCH_PARAMETERS, (state, name, class, type, answer, size))
AROUND(int, __res_nsearch, NSEARCH_PARAMETERS, (state, name, class, type, answer, size))

/* -- GETCONF_DIR: whether files are there tells of an ABI -- */

#ifdef __GLIBC__
NO_SANITIZE static bool is_of_abi(int name)
{
	return (name >= _SC_XBS5_ILP32_OFF32 && name <= _SC_XBS5_LPBIG_OFFBIG) ||
	       (name >= _SC_V6_ILP32_OFF32 && name <= _SC_V6_LPBIG_OFFBIG) ||
	       (name >= _SC_V7_ILP32_OFF32 && name <= _SC_V7_LPBIG_OFFBIG);
}

/* Not instrumented: a sanitizer's run-time calls them before it can be called itself. */
#define AROUND_SYSCONF(name) \
	WRAP(long, name, int what); \
	NO_SANITIZE long pt_##name(int what) \
		LEADING(long, REAL(name)(what), \
			unlikely(is_of_abi(what)) && libc_env_begin(), libc_env_end())

AROUND_SYSCONF(sysconf)
AROUND_SYSCONF(__sysconf)

/* Names of those ABIs. */
NO_SANITIZE static bool is_list_of_abis(int name)
{
	return name == _CS_V5_WIDTH_RESTRICTED_ENVS ||
	       name == _CS_V6_WIDTH_RESTRICTED_ENVS ||
	       name == _CS_V7_WIDTH_RESTRICTED_ENVS;
}

WRAP(size_t, confstr, int name, char *room, size_t size);

NO_SANITIZE size_t pt_confstr(int name, char *room, size_t size)
{
	bool led = unlikely(is_list_of_abis(name)) && libc_env_begin();
	size_t ret = REAL(confstr)(name, room, size);

	if (led)
		libc_env_end();
	return ret;
}
#endif

/* -- GMON_OUT_PREFIX, MALLOC_TRACE -- */

AROUND_VOID(_mcleanup)
AROUND_VOID(mtrace)
