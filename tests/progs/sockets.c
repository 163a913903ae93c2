/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sockets with paths for names, and every address that comes back.
 *
 *     sockets stream PATH [CLIENT]     bind, connect, accept; CLIENT is bound too
 *     sockets dgram PATH CLIENT        send by every call, receive by every call
 *     sockets rooms PATH CLIENT        the same addresses into small buffers
 *     sockets lengths DIR              addresses at the limits of their length
 *     sockets errors DIR               what must not work
 *     sockets modes PATH               the inode, under two umasks
 *     sockets accept PATH              one connection from another process
 *     sockets dial PATH                to there
 *     sockets inet                     addresses of another family
 *     sockets rpc PATH                 libc's own RPC: a server, and two clients of it
 *     sockets call PATH                the clients alone
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEAD = offsetof(struct sockaddr_un, sun_path), FILL = '#' };

/* An address to be received, in a buffer larger than any. */
struct in {
	union {
		struct sockaddr any;
		char bytes[192];
	};
	socklen_t room, len;
};

static struct sockaddr *ready(struct in *in, socklen_t room)
{
	memset(in->bytes, FILL, sizeof in->bytes);
	in->room = in->len = room;
	return &in->any;
}

static socklen_t address(struct sockaddr_un *out, const char *path)
{
	size_t n = strlen(path);

	memset(out, 0, sizeof *out);
	out->sun_family = AF_UNIX;
	if (n > sizeof out->sun_path)
		n = sizeof out->sun_path;
	memcpy(out->sun_path, path, n);
	return (socklen_t)(HEAD + n + (n < sizeof out->sun_path));
}

static void print_result(const char *what, long ret)
{
	printf("%s: ", what);
	if (ret < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%ld\n", ret);
}

/* What came, its length, and whether anything else was written to. */
static void print_in(const char *what, long ret, const struct in *in)
{
	size_t shown = in->len < in->room ? in->len : in->room;

	if (ret < 0) {
		print_result(what, ret);
		return;
	}
	printf("%s: length %u ", what, in->len);
	if (shown >= HEAD)
		printf("family %d ", in->any.sa_family);
	for (size_t i = HEAD; i < shown; i++)
		printf(in->bytes[i] > ' ' && in->bytes[i] < 127 ? "%c" : "\\%02x",
		       (unsigned char)in->bytes[i]);
	for (size_t i = shown; i < sizeof in->bytes; i++)
		if (in->bytes[i] != FILL) {
			printf(" (byte %zu was written to)", i);
			break;
		}
	putchar('\n');
}

static int bound(int type, const char *path)
{
	struct sockaddr_un to;
	socklen_t len = address(&to, path);
	int fd = socket(AF_UNIX, type, 0);

	if (bind(fd, (struct sockaddr *)&to, len) < 0)
		print_result("bind", -1);
	return fd;
}

static void names_of(int fd, socklen_t room)
{
	struct in in;
	int ret;

	ret = getsockname(fd, ready(&in, room), &in.len);
	print_in("getsockname", ret, &in);
	ret = getpeername(fd, ready(&in, room), &in.len);
	print_in("getpeername", ret, &in);
}

static int stream(const char *path, const char *own, socklen_t room)
{
	struct sockaddr_un to;
	socklen_t len = address(&to, path);
	int server = bound(SOCK_STREAM, path), client[2], got;
	struct in in;

	print_result("listen", listen(server, 4));
	names_of(server, room);
	for (int i = 0; i < 2; i++) {
		client[i] = own && i ? bound(SOCK_STREAM, own) :
				       socket(AF_UNIX, SOCK_STREAM, 0);
		print_result("connect", connect(client[i], (struct sockaddr *)&to, len));
		names_of(client[i], room);
		got = i ? accept4(server, ready(&in, room), &in.len, SOCK_CLOEXEC) :
			  accept(server, ready(&in, room), &in.len);
		print_in("accept", got, &in);
		names_of(got, room);
	}
	client[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	print_result("connect", connect(client[0], (struct sockaddr *)&to, len));
	print_result("accept", accept(server, NULL, NULL) < 0 ? -1 : 0);
	unlink(path);
	if (own)
		unlink(own);
	return 0;
}

/* A name that only some libcs have, for those beside it. */
static void *function(const char *name, void *otherwise)
{
	void *found = dlsym(RTLD_DEFAULT, name);

	return found ? found : otherwise;
}

static void send_all(int fd, const char *path)
{
	int (*connect_)(int, const struct sockaddr *, socklen_t) =
		function("__connect", (void *)connect);
	int (*sendmmsg_)(int, struct mmsghdr *, unsigned, int) =
		function("__sendmmsg", (void *)sendmmsg);
	struct sockaddr_un to;
	socklen_t len = address(&to, path);
	char text[] = "m";
	struct iovec part = { text, 1 };
	struct msghdr message = {
		.msg_name = &to, .msg_namelen = len, .msg_iov = &part, .msg_iovlen = 1
	};
	struct mmsghdr two[2] = { { .msg_hdr = message }, { .msg_hdr = message } };

	print_result("sendto", sendto(fd, "t", 1, 0, (struct sockaddr *)&to, len));
	print_result("sendmsg", sendmsg(fd, &message, 0));
	if (message.msg_name != &to || message.msg_namelen != len)
		printf("the message's header was changed\n");
	print_result("sendmmsg", sendmmsg(fd, two, 2, 0));
	printf("sent %u and %u bytes\n", two[0].msg_len, two[1].msg_len);
	/* The second is none that can be sent: the first counts. */
	two[1].msg_hdr.msg_namelen = 1;
	print_result("sendmmsg", sendmmsg_(fd, two, 2, 0));
	print_result("sendmmsg", sendmmsg_(fd, two + 1, 1, 0));
	print_result("connect", connect_(fd, (struct sockaddr *)&to, 1));
	print_result("connect", connect_(fd, (struct sockaddr *)&to, len));
	names_of(fd, sizeof to);
	print_result("send", send(fd, "s", 1, 0));
	two[0].msg_hdr.msg_name = two[1].msg_hdr.msg_name = NULL;
	two[0].msg_hdr.msg_namelen = two[1].msg_hdr.msg_namelen = 0;
	print_result("sendmmsg", sendmmsg(fd, two, 2, 0));
}

static void receive_all(int fd, socklen_t room)
{
	char text[2][8];
	struct in in, other;
	struct iovec part[2] = { { text[0], 8 }, { text[1], 8 } };
	struct msghdr message = { .msg_iov = part, .msg_iovlen = 1 };
	struct mmsghdr two[2];
	long ret;

	ret = recvfrom(fd, text[0], 8, MSG_DONTWAIT, ready(&in, room), &in.len);
	print_in("recvfrom", ret, &in);
	message.msg_name = ready(&in, room);
	message.msg_namelen = room;
	ret = recvmsg(fd, &message, MSG_DONTWAIT);
	in.len = message.msg_namelen;
	print_in("recvmsg", ret, &in);
	if (message.msg_name != in.bytes)
		printf("the message's name was changed\n");
	for (int i = 0; i < 2; i++)
		two[i].msg_hdr = (struct msghdr){
			.msg_name = ready(i ? &other : &in, room),
			.msg_namelen = room,
			.msg_iov = part + i,
			.msg_iovlen = 1,
		};
	ret = recvmmsg(fd, two, 2, MSG_DONTWAIT, NULL);
	print_result("recvmmsg", ret);
	in.len = two[0].msg_hdr.msg_namelen;
	other.len = two[1].msg_hdr.msg_namelen;
	print_in("first", ret, &in);
	print_in("second", ret, &other);
	print_result("recv", recv(fd, text[0], 8, MSG_DONTWAIT));
	ret = recvfrom(fd, text[0], 8, MSG_DONTWAIT, ready(&in, room), &in.len);
	print_in("recvfrom", ret, &in);
	print_result("recvfrom", recvfrom(fd, text[0], 8, MSG_DONTWAIT, NULL, NULL));
	/* Without a room for the sender's name, and without messages. */
	for (int i = 0; i < 2; i++)
		two[i].msg_hdr.msg_name = NULL;
	print_result("recvmmsg", recvmmsg(fd, two, 2, MSG_DONTWAIT, NULL));
	print_result("recvmmsg", recvmmsg(fd, two, 2, MSG_DONTWAIT, NULL));
	two[1].msg_hdr.msg_name = ready(&other, room);
	print_result("recvmmsg", recvmmsg(fd, two, 2, MSG_DONTWAIT, NULL));
	print_result("recvmsg", recvmsg(fd, &two[1].msg_hdr, MSG_DONTWAIT));
	print_result("recvmmsg", recvmmsg(-1, two, 2, MSG_DONTWAIT, NULL));
}

static int dgram(const char *path, const char *own, socklen_t room)
{
	int server = bound(SOCK_DGRAM, path), client = bound(SOCK_DGRAM, own);

	send_all(client, path);
	receive_all(server, room);
	unlink(path);
	unlink(own);
	return 0;
}

static int rooms(const char *path, const char *own)
{
	static const socklen_t room[] = { 0,  1,   2,	3,   7,	  20, 40,
					  60, 109, 110, 111, 128, 150 };

	for (size_t i = 0; i < sizeof room / sizeof *room; i++) {
		printf("room for %u:\n", room[i]);
		stream(path, own, room[i]);
		dgram(path, own, room[i]);
	}
	return 0;
}

/* The first N bytes of "DIR/aaa...", as an address of length LEN. */
static void try_length(const char *dir, size_t n, socklen_t len)
{
	struct {
		struct sockaddr_un to;
		char behind[64];
	} a;
	char path[256];
	struct in in;
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), ret;

	memset(&a, 'a', sizeof a);
	a.to.sun_family = AF_UNIX;
	memcpy(a.to.sun_path, dir, strlen(dir));
	a.to.sun_path[strlen(dir)] = '/';
	memcpy(path, a.to.sun_path, n);
	path[n] = '\0';
	if (n < sizeof a.to.sun_path)
		a.to.sun_path[n] = '\0';
	printf("%zu bytes in %u: ", n, len);
	ret = bind(fd, (struct sockaddr *)&a, len);
	print_result("bind", ret);
	if (ret == 0) {
		ret = getsockname(fd, ready(&in, sizeof in.bytes), &in.len);
		if (len == HEAD) /* the kernel makes one up, not a path */
			memset(in.bytes + HEAD, '?', in.len - HEAD);
		print_in("getsockname", ret, &in);
		print_result("listen", listen(fd, 1));
		ret = connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&a,
			      len);
		print_result("connect", ret);
		path[in.len - HEAD - 1] = '\0';
		printf("there: %d\n", lstat(path, &st) == 0 && S_ISSOCK(st.st_mode));
		unlink(path);
	}
	close(fd);
}

static int lengths(const char *dir)
{
	for (size_t n = strlen(dir) + 1; n <= 108; n++)
		try_length(dir, n, (socklen_t)(HEAD + n + (n < 108)));
	for (socklen_t len = 0; len <= 120; len++)
		try_length(dir, 100, len);
	return 0;
}

static void try_bind(const char *what, int fd, const char *path)
{
	struct sockaddr_un to;
	socklen_t len = address(&to, path);

	printf("%s: ", what);
	print_result("bind", bind(fd, (struct sockaddr *)&to, len));
}

static void try_connect(const char *what, int fd, const char *path)
{
	struct sockaddr_un to;
	socklen_t len = address(&to, path);

	printf("%s: ", what);
	print_result("connect", connect(fd, (struct sockaddr *)&to, len));
	printf("%s: ", what);
	print_result("sendto", sendto(fd, "x", 1, 0, (struct sockaddr *)&to, len));
}

/* Where a length would lie on a page and on one that cannot be read. */
static void *half_readable(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(pages + page, page, PROT_NONE);
	return pages + page - 2;
}

static int errors(const char *dir)
{
	char path[200], other[200], missing[200];
	int unix_fd = socket(AF_UNIX, SOCK_STREAM, 0), fd;

	snprintf(path, sizeof path, "%s/s", dir);
	snprintf(other, sizeof other, "%s/t", dir);
	snprintf(missing, sizeof missing, "%s/no/s", dir);
	try_bind("no descriptor", -1, path);
	try_connect("no descriptor", -1, path);
	try_bind("no socket", open("/dev/null", O_RDWR), path);
	try_connect("no socket", open("/dev/null", O_RDWR), path);
	try_bind("TCP", socket(AF_INET, SOCK_STREAM, 0), path);
	try_connect("TCP", socket(AF_INET, SOCK_STREAM, 0), path);
	try_connect("UDP", socket(AF_INET, SOCK_DGRAM, 0), path);
	try_bind("no directory", unix_fd, missing);
	try_connect("no directory", socket(AF_UNIX, SOCK_DGRAM, 0), missing);
	try_connect("nothing there", socket(AF_UNIX, SOCK_STREAM, 0), path);
	try_bind("after a failure", unix_fd, path);
	try_bind("in use", socket(AF_UNIX, SOCK_STREAM, 0), path);
	try_bind("bound already, in use", unix_fd, path);
	try_bind("bound already", unix_fd, other);
	printf("and left: %d\n", access(other, F_OK));
	try_connect("does not listen", socket(AF_UNIX, SOCK_STREAM, 0), path);
	try_connect("another type", socket(AF_UNIX, SOCK_DGRAM, 0), path);
	unlink(path);
	fd = open(path, O_CREAT | O_RDWR, 0600);
	try_connect("a file", socket(AF_UNIX, SOCK_STREAM, 0), path);
	try_bind("a file", socket(AF_UNIX, SOCK_STREAM, 0), path);
	close(fd);
	unlink(path);
	symlink("t", path);
	try_bind("a dangling link", socket(AF_UNIX, SOCK_STREAM, 0), path);
	try_connect("a dangling link", socket(AF_UNIX, SOCK_STREAM, 0), path);
	unlink(path);
	strcat(path, "/");
	try_bind("a slash at the end", socket(AF_UNIX, SOCK_STREAM, 0), path);
	try_bind("a directory", socket(AF_UNIX, SOCK_STREAM, 0), dir);
	print_result("unreadable",
		     bind(unix_fd, (struct sockaddr *)(long)strlen(dir), 110));
	print_result("a length half unreadable",
		     getsockname(unix_fd, (struct sockaddr *)path, half_readable()));
	return 0;
}

static int modes(const char *path)
{
	static const mode_t mask[] = { 022, 0, 077, 0777 };
	struct stat st;
	int fd;

	for (size_t i = 0; i < sizeof mask / sizeof *mask; i++) {
		umask(mask[i]);
		fd = bound(SOCK_STREAM, path);
		lstat(path, &st);
		printf("%o %u %u %lu\n", (unsigned)st.st_mode, (unsigned)st.st_uid,
		       (unsigned)st.st_gid, (unsigned long)st.st_nlink);
		close(fd);
		unlink(path);
	}
	umask(0);
	/* The mode of the descriptor before it is bound is the inode's. */
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	fchmod(fd, 0640);
	try_bind("0640", fd, path);
	lstat(path, &st);
	printf("%o\n", (unsigned)st.st_mode);
	unlink(path);
	return 0;
}

static int accept_one(const char *path)
{
	int server = bound(SOCK_STREAM, path), fd;
	struct in in;

	listen(server, 1);
	fd = accept(server, ready(&in, sizeof in.bytes), &in.len);
	print_in("accept", fd, &in);
	write(fd, "!", 1);
	return 0;
}

static int dial(const char *path)
{
	struct sockaddr_un to;
	socklen_t len = address(&to, path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), ret = -1;
	char byte = '?';

	for (int i = 0; i < 500 && ret < 0; i++) {
		ret = connect(fd, (struct sockaddr *)&to, len);
		if (ret < 0)
			usleep(10000);
	}
	print_result("connect", ret);
	names_of(fd, sizeof to);
	read(fd, &byte, 1);
	printf("%c\n", byte);
	return 0;
}

static int inet(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int server = socket(AF_INET, SOCK_DGRAM, 0);
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t len = sizeof to;
	struct in in;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	print_result("bind", bind(server, (struct sockaddr *)&to, len));
	print_result("getsockname", getsockname(server, (struct sockaddr *)&to, &len));
	print_result("port", to.sin_port != 0 && len == sizeof to);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	print_result("sendto", sendto(client, "x", 1, 0, (struct sockaddr *)&to, len));
	print_result("recvfrom", recvfrom(server, in.bytes + 100, 1, 0,
					  ready(&in, sizeof to), &in.len));
	printf("length %u family %d rest %d\n", in.len, in.any.sa_family,
	       in.bytes[16] == FILL);
	return 0;
}

#ifdef __GLIBC__
/* A function that libc has for old programs alone; in its first version, as in each. */
static void *old_function(const char *name)
{
	static const char *const versions[] = { "GLIBC_2.0",   "GLIBC_2.1", "GLIBC_2.2",
						"GLIBC_2.2.5", "GLIBC_2.3", "GLIBC_2.4",
						"GLIBC_2.17" };
	void *found = NULL;

	for (size_t i = 0; !found && i < sizeof versions / sizeof *versions; i++)
		found = dlvsym(RTLD_DEFAULT, name, versions[i]);
	return found;
}

typedef void *svcunix_fn(int fd, unsigned send, unsigned receive, const char *path);
typedef void *clntunix_fn(struct sockaddr_un *server, unsigned long program,
			  unsigned long version, int *fd, unsigned send,
			  unsigned receive);
typedef void *clnt_fn(const char *host, unsigned long program, unsigned long version,
		      const char *protocol);

/* Whether there is a server at PATH, by both functions. */
static int rpc_call(const char *path)
{
	clntunix_fn *by_address = (clntunix_fn *)old_function("clntunix_create");
	clnt_fn *by_name = (clnt_fn *)old_function("clnt_create");
	struct sockaddr_un to;
	struct in in;
	int fd = -1;

	if (!by_address || !by_name) {
		puts("none");
		return 3;
	}
	address(&to, path);
	print_result("by address", by_address(&to, 1, 1, &fd, 0, 0) != NULL);
	if (fd >= 0)
		print_in("peer", getpeername(fd, ready(&in, sizeof to), &in.len), &in);
	print_result("by name", by_name(path, 1, 1, "unix") != NULL);
	return 0;
}

static int rpc(const char *path)
{
	svcunix_fn *create = (svcunix_fn *)old_function("svcunix_create");
	int *server = create ? create(-1, 0, 0, path) : NULL;
	struct stat st;
	struct in in;

	print_result("server", server != NULL);
	if (server)
		print_in("socket", getsockname(*server, ready(&in, 110), &in.len), &in);
	print_result("there", stat(path, &st) == 0 && S_ISSOCK(st.st_mode));
	print_result("again", create && create(-1, 0, 0, path));
	return rpc_call(path);
}
#else
static int rpc(const char *path)
{
	printf("%s: none\n", path);
	return 3;
}
#define rpc_call rpc
#endif

int main(int argc, char **argv)
{
	const char *call = argc > 1 ? argv[1] : "", *a = argc > 2 ? argv[2] : "";
	const char *b = argc > 3 ? argv[3] : NULL;

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	if (!strcmp(call, "stream"))
		return stream(a, b, 192);
	if (!strcmp(call, "dgram"))
		return dgram(a, b, 192);
	if (!strcmp(call, "rooms"))
		return rooms(a, b);
	if (!strcmp(call, "lengths"))
		return lengths(a);
	if (!strcmp(call, "errors"))
		return errors(a);
	if (!strcmp(call, "modes"))
		return modes(a);
	if (!strcmp(call, "accept"))
		return accept_one(a);
	if (!strcmp(call, "dial"))
		return dial(a);
	if (!strcmp(call, "rpc"))
		return rpc(a);
	if (!strcmp(call, "call"))
		return rpc_call(a);
	if (!strcmp(call, "inet"))
		return inet();
	return 2;
}
