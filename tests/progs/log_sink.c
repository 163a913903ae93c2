/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log_sink PATH...: what journald and syslogd do first: sockets for datagrams at PATHs.
 * Writes "ready", and then each datagram behind its socket's path, on a line of its own.
 * SIGTERM ends it when it has written down all that has come.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKETS = 4 };

static int bind_to(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (strlen(path) >= sizeof name.sun_path)
		return -1;
	strcpy(name.sun_path, path);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0 || chmod(path, 0666) < 0)
		return -1;
	return fd;
}

static void told(int signal)
{
	(void)signal;
}

/* Waits for datagrams, but behind the signal only for those that are there. */
static int await(struct pollfd *fds, nfds_t n, const sigset_t *usual)
{
	static bool ending;
	int ready = ppoll(fds, n, &(struct timespec){ .tv_sec = ending ? 0 : 60 }, usual);

	if (ready >= 0 || errno != EINTR)
		return ready;
	ending = true;
	return ppoll(fds, n, &(struct timespec){ 0 }, NULL);
}

int main(int argc, char **argv)
{
	struct pollfd fds[SOCKETS];
	char text[65536];
	sigset_t usual, term;

	if (argc < 2 || argc - 1 > SOCKETS)
		return 2;
	for (int i = 1; i < argc; i++) {
		fds[i - 1] = (struct pollfd){ .fd = bind_to(argv[i]), .events = POLLIN };
		if (fds[i - 1].fd < 0) {
			perror(argv[i]);
			return 1;
		}
	}
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &usual);
	signal(SIGTERM, told);
	puts("ready");
	fflush(stdout);
	while (await(fds, (nfds_t)argc - 1, &usual) > 0)
		for (int i = 0; i < argc - 1; i++) {
			ssize_t n = fds[i].revents ?
					    recv(fds[i].fd, text, sizeof text, 0) :
					    -1;

			if (n >= 0)
				printf("%s: %.*s\n", argv[i + 1], (int)n, text);
			fflush(stdout);
		}
	return 0;
}
