/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The functions that open what a variable names (wrap/libc_opens.c): during the real one, and only
 * then, the variables are led, if there is one to lead. See direct.h.
 */
#include "wrap/libc_opens.c"

#include "direct.h"
#include <dlfcn.h>

static bool active;		   /* the real functions are these here */
static bool can_lead;		   /* a variable leads into a guarded directory */
static int led, homes, led_before; /* how deep; in HOME; during the real call */
static int begins, ends, reals;
static long answer;
static const char *named; /* the real function that was called */
static int failing;	  /* what setenv and putenv answer */

void *symbols_libc(void **slot, const char *name)
{
	return *slot = dlsym(RTLD_NEXT, name);
}

bool libc_env_begin(void)
{
	begins++;
	led += can_lead;
	return can_lead;
}

void libc_env_end(void)
{
	ends++;
	led--;
}

bool libc_env_begin_home(void)
{
	homes++;
	return libc_env_begin();
}

void libc_env_end_home(void)
{
	homes--;
	libc_env_end();
}

static long real(void)
{
	reals++;
	led_before = led;
	return answer;
}

/* The conversions that are loaded, and the hosts' configuration that is read. */
static int loads, hosts, closes;
static bool load_fails, hosts_fail;

static void *real_load(const char *to, const char *from)
{
	(void)to, (void)from;
	IS(led, 1);
	loads++;
	return load_fails ? (void *)-1 :
			    ((void *(*)(const char *, const char *))dlsym(
				    RTLD_NEXT, "iconv_open"))("UTF-16LE", "UTF-8");
}

static int real_hosts(void *state)
{
	(void)state;
	IS(led, 1);
	hosts++;
	return hosts_fail ? -1 : 0;
}

static void real_hosts_close(void *state)
{
	(void)state;
	closes++;
}

static int real_env(void)
{
	return failing;
}

static bool loading; /* iconv_open is libc's */

void *wrap_find(void **slot, const char *name)
{
	(void)slot;
	if (!active)
		return dlsym(RTLD_NEXT, name);
	if (!strcmp(name, "setenv") || !strcmp(name, "putenv"))
		return (void *)real_env;
	if (loading && !strcmp(name, "iconv_open"))
		return (void *)real_load;
	if (!strcmp(name, "__res_ninit"))
		return (void *)real_hosts;
	if (!strcmp(name, "__res_nclose"))
		return (void *)real_hosts_close;
	named = name;
	return (void *)real;
}

typedef long any(long, long, long, long, long, long, long, long);

enum { VOID = 1, ZONE = 2, VARIADIC = 4, HOME = 8 };

#define IT(name) #name, (any *)(void *)pt_##name, #name
#define AS(name, does) #name, (any *)(void *)pt_##name, #does

static const struct row {
	const char *name;
	any *wrapper;
	const char *real;
	unsigned how;
} rows[] = {
	{ IT(tzset), VOID },
	{ IT(localtime), 0 },
	{ IT(localtime_r), 0 },
	{ IT(mktime), 0 },
	{ IT(timelocal), 0 },
	{ IT(ctime), 0 },
	{ IT(ctime_r), 0 },
	{ IT(__localtime64), 0 },
	{ IT(__localtime64_r), 0 },
	{ IT(__mktime64), 0 },
	{ IT(__ctime64), 0 },
	{ IT(__ctime64_r), 0 },
	{ IT(gmtime), ZONE },
	{ IT(gmtime_r), ZONE },
	{ IT(__gmtime_r), ZONE },
	{ IT(__gmtime64), ZONE },
	{ IT(__gmtime64_r), ZONE },
	{ IT(timegm), ZONE },
	{ IT(__timegm64), ZONE },
	{ IT(strptime), ZONE },
	{ IT(strptime_l), ZONE },
	{ IT(fmtmsg), ZONE },
	{ IT(vsyslog), ZONE | VOID },
	{ IT(__vsyslog_chk), ZONE | VOID },
	{ AS(syslog, vsyslog), ZONE | VOID | VARIADIC },
	{ AS(__syslog_chk, __vsyslog_chk), ZONE | VOID | VARIADIC },
	{ IT(strftime), 0 },
	{ IT(wcsftime), 0 },
	{ IT(strftime_l), 0 },
	{ IT(wcsftime_l), 0 },
	{ IT(__strftime_l), 0 },
	{ IT(__wcsftime_l), 0 },
	{ IT(getdate), 0 },
	{ IT(getdate_r), 0 },
	{ IT(iconv_open), 0 },
	{ IT(setlocale), 0 },
	{ IT(newlocale), 0 },
	{ IT(__newlocale), 0 },
	{ IT(getaddrinfo), 0 },
	{ IT(gethostbyname), 0 },
	{ IT(gethostbyname2), 0 },
	{ IT(gethostbyname_r), 0 },
	{ IT(gethostbyname2_r), 0 },
	{ IT(gethostbyaddr), 0 },
	{ IT(gethostbyaddr_r), 0 },
	{ IT(gethostent), 0 },
	{ IT(gethostid), 0 },
	{ IT(gethostent_r), 0 },
	{ IT(getnameinfo), 0 },
	{ IT(ruserok), 0 },
	{ IT(ruserok_af), 0 },
	{ IT(iruserok), 0 },
	{ IT(iruserok_af), 0 },
	{ IT(rcmd), 0 },
	{ IT(rcmd_af), 0 },
	{ IT(ruserpass), HOME },
	{ IT(rexec), HOME },
	{ IT(rexec_af), HOME },
	{ IT(res_search), 0 },
	{ IT(__res_search), 0 },
	{ IT(res_nsearch), 0 },
	{ IT(__res_nsearch), 0 },
	{ IT(_mcleanup), VOID },
	{ IT(mtrace), VOID },
};

static void reset(void)
{
	led = homes = begins = ends = reals = led_before = 0;
	loads = hosts = closes = 0;
	load_fails = hosts_fail = false;
	failing = 0;
	named = NULL;
	zone_read = false;
}

/* Calls the wrapper of ROW; every argument is 0. */
static long go(const struct row *row)
{
	long ret;

	reset();
	answer = 0x1234567;
	active = true;
	ret = row->how & VARIADIC ?
		      ((long (*)(long, long, ...))(void *)row->wrapper)(0, 0, 0L) :
		      row->wrapper(0, 0, 0, 0, 0, 0, 0, 0);
	active = false;
	return ret;
}

/* Each calls the real one of its name, once, and returns what that does. */
static void around(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int can = 0; can < 2; can++) {
			long ret;
			const int failures = direct_failures;

			can_lead = can;
			ret = go(&rows[i]);
			IS(reals, 1);
			TEXT_IS("the real function", named, rows[i].real);
			IS(begins, 1);
			IS(led_before, can);
			IS(ends, can);
			IS(led, 0);
			/* HOME leads only whoever opens files there. */
			IS(homes, rows[i].how & HOME && !can);
			if (!(rows[i].how & VOID))
				IS((int)ret, answer);
			if (direct_failures != failures)
				fprintf(stderr, "... of %s\n", rows[i].name);
		}
		/* Once a zone is read, nothing is led for who reads one only then. */
		if (!(rows[i].how & ZONE))
			continue;
		can_lead = true;
		go(&rows[i]);
		reset();
		zone_read = true;
		active = true;
		if (rows[i].how & VARIADIC)
			((long (*)(long, long, ...))(void *)rows[i].wrapper)(0, 0, 0L);
		else
			rows[i].wrapper(0, 0, 0, 0, 0, 0, 0, 0);
		active = false;
		IS(reals, 1);
		IS(begins, 0);
		IS(ends, 0);
	}
}

/* Those that read a zone say so; the others do not. */
static void zones(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *name = rows[i].name;

		can_lead = true;
		go(&rows[i]);
		IS(zone_read, READS_ZONE && (strstr(name, "gm") != NULL));
	}
}

/* A thread of libc's own looks at the variables later, unless the caller waits for it. */
static void later(void)
{
	enum { WAIT, NOWAIT };

	for (int can = 0; can < 2; can++) {
		reset();
		can_lead = can;
		answer = 3;
		active = true;
		IS(pt_getaddrinfo_a(WAIT, NULL, 0, NULL), 3);
		IS(led_before, can);
		IS(led, 0);
		IS(pt_getaddrinfo_a(NOWAIT, NULL, 0, NULL), 3);
		IS(led_before, can);
		IS(led, can);
		active = false;
	}
}

#ifdef __GLIBC__
static void abis(void)
{
	static const struct {
		int name;
		bool leads;
	} names[] = {
		{ _SC_XBS5_ILP32_OFF32 - 1, false }, { _SC_XBS5_ILP32_OFF32, true },
		{ _SC_XBS5_LPBIG_OFFBIG, true },     { _SC_XBS5_LPBIG_OFFBIG + 1, false },
		{ _SC_V6_ILP32_OFF32 - 1, false },   { _SC_V6_ILP32_OFF32, true },
		{ _SC_V6_LPBIG_OFFBIG, true },	     { _SC_V7_ILP32_OFF32, true },
		{ _SC_V7_LPBIG_OFFBIG, true },	     { _SC_V7_LPBIG_OFFBIG + 1, false },
		{ _SC_PAGESIZE, false },	     { -1, false },
	}, lists[] = {
		{ _CS_V5_WIDTH_RESTRICTED_ENVS, true },
		{ _CS_V6_WIDTH_RESTRICTED_ENVS, true },
		{ _CS_V7_WIDTH_RESTRICTED_ENVS, true },
		{ _CS_PATH, false },
		{ -1, false },
	};

	answer = 77;
	for (int can = 0; can < 2; can++) {
		can_lead = can;
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			for (int k = 0; k < 2; k++) {
				reset();
				active = true;
				IS(k ? pt___sysconf(names[i].name) :
				       pt_sysconf(names[i].name),
				   77);
				active = false;
				IS(begins, names[i].leads);
				IS(led_before, names[i].leads && can);
				IS(led, 0);
			}
		}
		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
			reset();
			active = true;
			IS(pt_confstr(lists[i].name, NULL, 0), 77);
			active = false;
			IS(begins, lists[i].leads);
			IS(led_before, lists[i].leads && can);
			IS(led, 0);
		}
	}
}

/* What libc reads once is read while the variable is led: at the start, and when it is set. */
static void once(void)
{
	static char *environment[3];
	char **was = environ;
	static char conversions[] = "GCONV_PATH=/tmp/x";
	static char conf[] = "RESOLV_HOST_CONF=/tmp/y";
	static const struct {
		char *one, *other;
		bool can, load_fails, hosts_fail;
		int begins, loads, hosts, closes;
	} starts[] = {
		{ NULL, NULL, true, false, false, 0, 0, 0, 0 },
		{ conversions, NULL, false, false, false, 1, 0, 0, 0 },
		{ conversions, NULL, true, false, false, 1, 1, 0, 0 },
		{ conversions, NULL, true, true, false, 1, 1, 0, 0 },
		{ conf, NULL, true, false, false, 1, 0, 1, 1 },
		{ conf, NULL, true, false, true, 1, 0, 1, 0 },
		{ conf, conversions, true, false, false, 1, 1, 1, 1 },
	};

	loading = true;
	environ = environment;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		reset();
		environment[0] = starts[i].one;
		environment[1] = starts[i].other;
		can_lead = starts[i].can;
		load_fails = starts[i].load_fails;
		hosts_fail = starts[i].hosts_fail;
		active = true;
		libc_env_start();
		active = false;
		IS(begins, starts[i].begins);
		IS(loads, starts[i].loads);
		IS(hosts, starts[i].hosts);
		IS(closes, starts[i].closes);
		IS(led, 0);
	}
	/* Set by the program itself, with errno as it was; another, or in vain: nothing. */
	environment[0] = conversions;
	environment[1] = conf;
	can_lead = true;
	load_fails = true;
	active = true;
	errno = EBADMSG;
	for (int fails = 0; fails < 2; fails++) {
		static const struct {
			const char *name;
			char *entry;
			bool looks;
		} sets[] = {
			{ "GCONV_PATH", conversions, true },
			{ "RESOLV_HOST_CONF", conf, true },
			{ "HOME", (char *)"HOME=/", false },
			{ NULL, NULL, false },
		};

		for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
			reset();
			load_fails = true;
			failing = -fails;
			IS(pt_setenv(sets[i].name, "/tmp/x", 1), -fails);
			IS(loads, sets[i].looks && !fails);
			IS(pt_putenv(sets[i].entry), -fails);
			IS(loads, sets[i].looks && !fails ? 2 : 0);
			IS(hosts, loads);
		}
	}
	IS(errno, EBADMSG);
	/* Before a locale, too; with what it answers, and errno. */
	reset();
	load_fails = true;
	answer = 5;
	IS(pt_setlocale(0, NULL), 5);
	IS(loads, 1);
	can_lead = false;
	IS(pt_newlocale(0, NULL, NULL), 5);
	IS(loads, 1);
	IS(errno, EBADMSG);
	active = false;
	loading = false;
	environ = was;
}
#endif

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "around", around }, { "zones", zones }, { "later", later },
#ifdef __GLIBC__
		{ "abis", abis },     { "once", once },
#endif
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
