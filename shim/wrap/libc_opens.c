/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that open what a variable names: see libc_env.h. */
#define _GNU_SOURCE
#include "wrap/libc_env.h"
#include "wrap/wrap.h"

#include <iconv.h>
#include <stdlib.h>

#define AROUND(type, name, parameters, arguments) \
	WRAP_LIST(type, name, parameters); \
	type pt_##name parameters \
	{ \
		bool led = libc_env_begin(); \
		type ret = REAL(name) arguments; \
		if (led) \
			libc_env_end(); \
		return ret; \
	}

#define AROUND_VOID(name) \
	WRAP(void, name, void); \
	void pt_##name(void) \
	{ \
		bool led = libc_env_begin(); \
		REAL(name)(); \
		if (led) \
			libc_env_end(); \
	}

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

	if (!getenv("GCONV_PATH"))
		return;
	cd = REAL(iconv_open)("UTF-16LE", "UTF-8");
	if (cd != (void *)-1)
		iconv_close(cd);
#endif
}

void libc_env_start(void)
{
	if (!getenv("GCONV_PATH") || !libc_env_begin())
		return;
	load_conversions();
	libc_env_end();
}

/* The program may set it itself. ENTRY: from its name on. */
static void look_again(const char *entry)
{
	static const char name[] = "GCONV_PATH";
	const int saved = errno;

	if (likely(!entry || strncmp(entry, name, sizeof name - 1) != 0))
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

#define SEARCH_PARAMETERS (const char *name, int class, int type, void *answer, int size)
#define NSEARCH_PARAMETERS \
	(void *state, const char *name, int class, int type, void *answer, int size)

AROUND(int, res_search, SEARCH_PARAMETERS, (name, class, type, answer, size))
AROUND(int, __res_search, SEARCH_PARAMETERS, (name, class, type, answer, size))
AROUND(int, res_nsearch, NSEARCH_PARAMETERS, (state, name, class, type, answer, size))
AROUND(int, __res_nsearch, NSEARCH_PARAMETERS, (state, name, class, type, answer, size))

/* -- GMON_OUT_PREFIX, MALLOC_TRACE -- */

AROUND_VOID(_mcleanup)
AROUND_VOID(mtrace)
