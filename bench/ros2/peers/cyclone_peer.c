// A Cyclone DDS peer in C with types made by idlc. No code of this project runs in it.
//   cyclone_peer DOMAIN echo              returns what comes on rt/in_* on rt/out_*, until killed
//   cyclone_peer DOMAIN pong              returns Imu from rt/ping on rt/pong, until killed
//   cyclone_peer DOMAIN ping N            N round trips over rt/ping and rt/pong; prints "p50_us p99_us"
//   cyclone_peer DOMAIN send N            publishes N Imu on rt/throughput, numbered in header.stamp.sec, then waits to be killed
//   cyclone_peer DOMAIN trigger SERVICE   calls a std_srvs/Trigger; prints "success message"
//   cyclone_peer DOMAIN set NODE NAME V   sets a double parameter; prints "successful reason"
//   cyclone_peer DOMAIN receive N         takes N Imu from rt/throughput; prints "per_second gaps"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dds/dds.h"
#include "Ros.h"

enum { WARM_UP = 2000, BATCH = 32 };
static dds_entity_t participant, waitset;

static dds_qos_t *qos(int keep_all)
{
  dds_qos_t *q = dds_create_qos();
  dds_qset_writer_data_lifecycle(q, false);
  dds_qset_history(q, keep_all ? DDS_HISTORY_KEEP_ALL : DDS_HISTORY_KEEP_LAST, keep_all ? -1 : 10);
  dds_qset_reliability(q, DDS_RELIABILITY_RELIABLE, DDS_INFINITY);
  return q;
}

static dds_entity_t reader(const dds_topic_descriptor_t *type, const char *topic, int keep_all)
{
  dds_qos_t *q = qos(keep_all);
  dds_entity_t r = dds_create_reader(participant, dds_create_topic(participant, type, topic, NULL, NULL), q, NULL);
  dds_delete_qos(q);
  dds_set_status_mask(r, DDS_DATA_AVAILABLE_STATUS);
  dds_waitset_attach(waitset, r, r);
  return r;
}

static dds_entity_t writer(const dds_topic_descriptor_t *type, const char *topic, int keep_all)
{
  dds_qos_t *q = qos(keep_all);
  dds_entity_t w = dds_create_writer(participant, dds_create_topic(participant, type, topic, NULL, NULL), q, NULL);
  dds_delete_qos(q);
  return w;
}

static void wait_ready(void)
{
  dds_attach_t ready[8];
  dds_waitset_wait(waitset, ready, 8, DDS_SECS(1));
}

static void pump(dds_entity_t from, dds_entity_t to)
{
  void *samples[BATCH] = {0};
  dds_sample_info_t infos[BATCH];
  int n;
  while ((n = dds_take(from, samples, infos, BATCH, BATCH)) > 0)
  {
    for (int i = 0; i < n; i++)
      if (infos[i].valid_data)
        dds_write(to, samples[i]);
    dds_return_loan(from, samples, n);
    samples[0] = NULL;
  }
}

static void echo(void)
{
  const dds_topic_descriptor_t *types[] = { &std_msgs_msg_dds__String__desc, &sensor_msgs_msg_dds__Imu__desc,
                                            &sensor_msgs_msg_dds__JointState__desc, &sensor_msgs_msg_dds__Image__desc };
  const char *names[] = { "string", "imu", "joints", "image" };
  dds_entity_t from[4], to[4];
  for (int i = 0; i < 4; i++)
  {
    char topic[64];
    snprintf(topic, sizeof topic, "rt/in_%s", names[i]);
    from[i] = reader(types[i], topic, 1);
    snprintf(topic, sizeof topic, "rt/out_%s", names[i]);
    to[i] = writer(types[i], topic, 1);
  }
  for (;;)
  {
    wait_ready();
    for (int i = 0; i < 4; i++)
      pump(from[i], to[i]);
  }
}

static void pong(void)
{
  dds_entity_t from = reader(&sensor_msgs_msg_dds__Imu__desc, "rt/ping", 0), to = writer(&sensor_msgs_msg_dds__Imu__desc, "rt/pong", 0);
  for (;;)
  {
    wait_ready();
    pump(from, to);
  }
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void await_match(dds_entity_t w, dds_entity_t r)
{
  dds_instance_handle_t h[4];
  while ((w && dds_get_matched_subscriptions(w, h, 4) < 1) || (r && dds_get_matched_publications(r, h, 4) < 1))
    dds_sleepfor(DDS_MSECS(5));
  dds_sleepfor(DDS_MSECS(100));
}

static void ping(int n)
{
  dds_entity_t to = writer(&sensor_msgs_msg_dds__Imu__desc, "rt/ping", 0), from = reader(&sensor_msgs_msg_dds__Imu__desc, "rt/pong", 0);
  sensor_msgs_msg_dds__Imu_ m;
  memset(&m, 0, sizeof m);
  m.header.frame_id = "imu_link";
  m.orientation.w = 1;
  double *us = malloc(sizeof *us * (size_t)n);
  void *samples[1];
  samples[0] = sensor_msgs_msg_dds__Imu___alloc();
  dds_sample_info_t info[1];
  await_match(to, from);
  for (int i = -WARM_UP; i < n; i++)
  {
    dds_time_t start = dds_time();
    m.header.stamp.sec = i;
    dds_write(to, &m);
    for (int got = 0; !got;)
    {
      wait_ready();
      while (dds_take(from, samples, info, 1, 1) > 0)
        got |= info[0].valid_data;
    }
    if (i >= 0)
      us[i] = (double)(dds_time() - start) / 1e3;
  }
  qsort(us, (size_t)n, sizeof *us, ascending);
  printf("%.3f %.3f\n", us[n / 2], us[(int)(n * 0.99)]);
}

static void send_all(int n)
{
  dds_entity_t to = writer(&sensor_msgs_msg_dds__Imu__desc, "rt/throughput", 1);
  sensor_msgs_msg_dds__Imu_ m;
  memset(&m, 0, sizeof m);
  m.header.frame_id = "imu_link";
  await_match(to, 0);
  for (int i = 0; i < n; i++)
  {
    m.header.stamp.sec = i;
    dds_write(to, &m);
  }
  dds_sleepfor(DDS_SECS(60));
}

static void receive_all(int n)
{
  dds_entity_t from = reader(&sensor_msgs_msg_dds__Imu__desc, "rt/throughput", 1);
  void *samples[BATCH];
  dds_sample_info_t infos[BATCH];
  for (int i = 0; i < BATCH; i++)
    samples[i] = sensor_msgs_msg_dds__Imu___alloc();
  long count = 0, gaps = 0;
  dds_time_t first = 0, last = 0;
  while (count < n)
  {
    wait_ready();
    int k;
    while ((k = dds_take(from, samples, infos, BATCH, BATCH)) > 0)
      for (int i = 0; i < k; i++)
        if (infos[i].valid_data)
        {
          last = dds_time();
          if (count == 0)
            first = last;
          if (((sensor_msgs_msg_dds__Imu_ *)samples[i])->header.stamp.sec != count)
            gaps++;
          count++;
        }
  }
  printf("%.1f %ld\n", (double)(count - 1) / ((double)(last - first) / 1e9), gaps);
}

// Sends one request on rq/SERVICERequest and waits for the reply on rr/SERVICEReply that carries its number.
static const void *call(const char *service, const dds_topic_descriptor_t *request_type, const dds_topic_descriptor_t *response_type, void *request)
{
  char topic[256];
  snprintf(topic, sizeof topic, "rr%sReply", service);
  dds_entity_t replies = reader(response_type, topic, 0);
  snprintf(topic, sizeof topic, "rq%sRequest", service);
  dds_entity_t requests = writer(request_type, topic, 0);
  await_match(requests, replies);
  struct { uint64_t client; int64_t number; } *header = request, *answered;
  dds_instance_handle_t self;
  dds_get_instance_handle(requests, &self);
  header->client = self;
  header->number = 1;
  dds_write(requests, request);
  for (;;)
  {
    static void *samples[1];
    dds_sample_info_t info[1];
    samples[0] = NULL;
    wait_ready();
    while (dds_take(replies, samples, info, 1, 1) > 0)
    {
      answered = samples[0];
      if (info[0].valid_data && answered->client == header->client && answered->number == header->number)
        return samples[0];
      dds_return_loan(replies, samples, 1);
      samples[0] = NULL;
    }
  }
}

static void trigger(const char *service)
{
  std_srvs_srv_dds__Trigger_Request_ request = {0};
  const std_srvs_srv_dds__Trigger_Response_ *r =
    call(service, &std_srvs_srv_dds__Trigger_Request__desc, &std_srvs_srv_dds__Trigger_Response__desc, &request);
  printf("%d %s\n", r->success, r->message);
}

static void set_parameter(const char *node, char *name, double value)
{
  rcl_interfaces_msg_dds__Parameter_ parameter;
  memset(&parameter, 0, sizeof parameter);
  parameter.name = name;
  parameter.value.type = 3; // PARAMETER_DOUBLE, rcl_interfaces/msg/ParameterType
  parameter.value.double_value = value;
  parameter.value.string_value = "";
  rcl_interfaces_srv_dds__SetParameters_Request_ request;
  memset(&request, 0, sizeof request);
  request.parameters._buffer = &parameter;
  request.parameters._length = request.parameters._maximum = 1;
  char service[256];
  snprintf(service, sizeof service, "%s/set_parameters", node);
  const rcl_interfaces_srv_dds__SetParameters_Response_ *r =
    call(service, &rcl_interfaces_srv_dds__SetParameters_Request__desc, &rcl_interfaces_srv_dds__SetParameters_Response__desc, &request);
  printf("%d %s\n", r->results._length == 1 && r->results._buffer[0].successful, r->results._length == 1 ? r->results._buffer[0].reason : "no result");
}

int main(int argc, char **argv)
{
  if (argc < 3)
    return 2;
  participant = dds_create_participant((dds_domainid_t)atoi(argv[1]), NULL, NULL);
  if (participant < 0)
    return 1;
  waitset = dds_create_waitset(participant);
  int n = argc > 3 ? atoi(argv[3]) : 0;
  if (!strcmp(argv[2], "trigger") && argc == 4) { trigger(argv[3]); return 0; }
  if (!strcmp(argv[2], "set") && argc == 6) { set_parameter(argv[3], argv[4], atof(argv[5])); return 0; }
  if (!strcmp(argv[2], "echo")) echo();
  else if (!strcmp(argv[2], "pong")) pong();
  else if (!strcmp(argv[2], "ping")) ping(n);
  else if (!strcmp(argv[2], "send")) send_all(n);
  else if (!strcmp(argv[2], "receive")) receive_all(n);
  else return 2;
  dds_delete(participant);
  return 0;
}
