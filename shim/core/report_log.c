/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports to the journal and to syslog; see report_log.h, journald's native protocol. */
#define _GNU_SOURCE
#include "core/report_log.h"
#include "core/seccomp.h"
#include "core/sys.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define JOURNAL "/run/systemd/journal/socket"
#define SYSLOG "/dev/log"
#define IDENTIFIER "privtmp"

enum {
	ROOM = 1024,
	STATUS = 2048, /* of /proc/self/status, with what is asked for */
};

struct message {
	size_t len;
	char text[ROOM];
};

static void put_bytes(struct message *m, const char *bytes, size_t len)
{
	if (len > ROOM - m->len)
		len = ROOM - m->len;
	memcpy(m->text + m->len, bytes, len);
	m->len += len;
}

static void put_string(struct message *m, const char *string)
{
	put_bytes(m, string, strlen(string));
}

static void put_number(struct message *m, unsigned long n)
{
	char digits[SYS_DECIMAL];

	put_bytes(m, digits, sys_decimal(n, digits));
}

/* The number behind NAME in TEXT, or OTHERWISE. */
static unsigned long number_of(const char *text, const char *name,
			       unsigned long otherwise)
{
	const char *at = strstr(text, name);
	unsigned long n;

	if (!at)
		return otherwise;
	for (at += strlen(name); *at == '\t' || *at == ' '; at++)
		;
	sys_number(at, &n);
	return n;
}

/*
 * Whether each filter that this process is under is one of its own, of which sys_call
 * knows what it refuses. What is asked here, every program's start has asked before.
 */
static bool knows_filters(void)
{
	const unsigned own = __atomic_load_n(&seccomp_count, __ATOMIC_ACQUIRE);
	char text[STATUS];
	int fd = sys_openat(AT_FDCWD, "/proc/self/status", O_RDONLY | O_CLOEXEC, 0);
	ssize_t n;

	if (fd < 0)
		return false;
	n = sys_read(fd, text, sizeof text - 1);
	sys_close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	if (number_of(text, "\nSeccomp:", 0) == 0)
		return true;
	/* Before Linux 5.9 nobody counts them. */
	return number_of(text, "\nSeccomp_filters:", own + 1) <= own;
}

static bool send_to(const char *path, const struct message *m)
{
#ifdef SYS_socket
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const int type = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
	long fd = SYS3(SYS_socket, AF_UNIX, type, 0), n;

	if (fd < 0)
		return false;
	strcpy(to.sun_path, path);
	n = sys_call(SYS_sendto, fd, (long)m->text, (long)m->len,
		     MSG_DONTWAIT | MSG_NOSIGNAL, (long)&to, (long)sizeof to);
	sys_close((int)fd);
	return n == (long)m->len;
#else
	(void)path;
	(void)m;
	return false;
#endif
}

static bool send_to_journal(const char *line, size_t len, int error)
{
	struct message m = { .len = 0 };

	put_string(&m, "PRIORITY=4\nSYSLOG_IDENTIFIER=" IDENTIFIER
		       "\nMESSAGE_ID=" REPORT_MESSAGE_ID "\n");
	if (error) {
		put_string(&m, "ERRNO=");
		put_number(&m, (unsigned long)error);
		put_string(&m, "\n");
	}
	put_string(&m, "MESSAGE=");
	put_bytes(&m, line, len);
	put_string(&m, "\n");
	return send_to(JOURNAL, &m);
}

/* A warning of a user's program's. */
static bool send_to_syslog(const char *line, size_t len)
{
	struct message m = { .len = 0 };

	put_string(&m, "<12>" IDENTIFIER "[");
	put_number(&m, (unsigned long)sys_getpid());
	put_string(&m, "]: ");
	put_bytes(&m, line, len);
	return send_to(SYSLOG, &m);
}

bool report_log(const char *line, size_t len, int error, bool journal)
{
	if (!knows_filters())
		return false;
	return (journal && send_to_journal(line, len, error)) ||
	       send_to_syslog(line, len);
}
