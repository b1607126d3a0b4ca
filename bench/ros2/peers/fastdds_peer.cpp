// A Fast DDS peer whose messages are encoded by Fast CDR. No code of this project runs in it.
//   fastdds_peer DOMAIN     returns what comes on rt/in_* on rt/out_*, until killed
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>
#include <fastcdr/Cdr.h>
#include <fastcdr/FastBuffer.h>
#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/TopicDataType.hpp>
#include <fastdds/rtps/transport/UDPv4TransportDescriptor.h>
using namespace eprosima::fastdds::dds;
using eprosima::fastcdr::Cdr;
using eprosima::fastrtps::rtps::SerializedPayload_t;
using eprosima::fastrtps::rtps::InstanceHandle_t;

struct Header { int32_t sec; uint32_t nanosec; std::string frame_id; template <class F> void all(F &f) { f(sec); f(nanosec); f(frame_id); } };
struct String { std::string data; template <class F> void all(F &f) { f(data); } };
struct Imu {
  Header header; double q[4]; std::array<double, 9> qc; double w[3]; std::array<double, 9> wc; double a[3]; std::array<double, 9> ac;
  template <class F> void all(F &f) { header.all(f); for (double &x : q) f(x); f(qc); for (double &x : w) f(x); f(wc); for (double &x : a) f(x); f(ac); }
};
struct JointState {
  Header header; std::vector<std::string> name; std::vector<double> position, velocity, effort;
  template <class F> void all(F &f) { header.all(f); f(name); f(position); f(velocity); f(effort); }
};
struct Image {
  Header header; uint32_t height, width; std::string encoding; uint8_t is_bigendian; uint32_t step; std::vector<uint8_t> data;
  template <class F> void all(F &f) { header.all(f); f(height); f(width); f(encoding); f(is_bigendian); f(step); f(data); }
};

template <class T> class Type : public TopicDataType {
public:
  explicit Type(const char *name) { setName(name); m_typeSize = 2 << 20; m_isGetKeyDefined = false; }
  bool serialize(void *data, SerializedPayload_t *payload) override {
    eprosima::fastcdr::FastBuffer buffer(reinterpret_cast<char *>(payload->data), payload->max_size);
    Cdr cdr(buffer, Cdr::DEFAULT_ENDIAN, Cdr::DDS_CDR);
    payload->encapsulation = CDR_LE;
    cdr.serialize_encapsulation();
    auto put = [&](auto &x) { cdr << x; };
    static_cast<T *>(data)->all(put);
    payload->length = static_cast<uint32_t>(cdr.getSerializedDataLength());
    return true;
  }
  bool deserialize(SerializedPayload_t *payload, void *data) override {
    eprosima::fastcdr::FastBuffer buffer(reinterpret_cast<char *>(payload->data), payload->length);
    Cdr cdr(buffer, Cdr::DEFAULT_ENDIAN, Cdr::DDS_CDR);
    cdr.read_encapsulation();
    auto get = [&](auto &x) { cdr >> x; };
    static_cast<T *>(data)->all(get);
    return true;
  }
  std::function<uint32_t()> getSerializedSizeProvider(void *) override { return [] { return 2u << 20; }; }
  void *createData() override { return new T(); }
  void deleteData(void *data) override { delete static_cast<T *>(data); }
  bool getKey(void *, InstanceHandle_t *, bool) override { return false; }
};

template <class T> struct Echo {
  DataReader *from; DataWriter *to; T sample;
  Echo(DomainParticipant *pp, Publisher *pub, Subscriber *sub, const char *type, const std::string &name) {
    TypeSupport support(new Type<T>(type));
    support.register_type(pp);
    DataReaderQos rq = DATAREADER_QOS_DEFAULT;
    rq.reliability().kind = RELIABLE_RELIABILITY_QOS;
    rq.history().kind = KEEP_ALL_HISTORY_QOS;
    rq.endpoint().history_memory_policy = eprosima::fastrtps::rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
    rq.resource_limits().allocated_samples = 2;
    from = sub->create_datareader(pp->create_topic("rt/in_" + name, type, TOPIC_QOS_DEFAULT), rq);
    DataWriterQos wq = DATAWRITER_QOS_DEFAULT;
    wq.reliability().kind = RELIABLE_RELIABILITY_QOS;
    wq.reliability().max_blocking_time = eprosima::fastrtps::Duration_t(60, 0);
    wq.history().kind = KEEP_ALL_HISTORY_QOS;
    wq.endpoint().history_memory_policy = eprosima::fastrtps::rtps::DYNAMIC_RESERVE_MEMORY_MODE;
    wq.resource_limits().allocated_samples = 2;
    to = pub->create_datawriter(pp->create_topic("rt/out_" + name, type, TOPIC_QOS_DEFAULT), wq);
  }
  void pump() {
    SampleInfo info;
    while (from->take_next_sample(&sample, &info) == ReturnCode_t::RETCODE_OK)
      if (info.valid_data)
        to->write(&sample);
  }
};

int main(int argc, char **argv) {
  int domain = argc > 1 ? atoi(argv[1]) : 0;
  DomainParticipantQos pq = PARTICIPANT_QOS_DEFAULT;
  auto udp = std::make_shared<eprosima::fastdds::rtps::UDPv4TransportDescriptor>();
  udp->interfaceWhiteList.push_back("127.0.0.1");
  pq.transport().use_builtin_transports = false;
  pq.transport().user_transports.push_back(udp);
  for (int i = 0; i < 10; i++) { // unicast discovery on loopback: DDSI-RTPS ports of participants 0 to 9
    eprosima::fastrtps::rtps::Locator_t l;
    eprosima::fastrtps::rtps::IPLocator::setIPv4(l, 127, 0, 0, 1);
    l.port = static_cast<uint32_t>(7400 + 250 * domain + 10 + 2 * i);
    pq.wire_protocol().builtin.initialPeersList.push_back(l);
  }
  auto pp = DomainParticipantFactory::get_instance()->create_participant(static_cast<uint32_t>(domain), pq);
  if (!pp)
    return 1;
  auto pub = pp->create_publisher(PUBLISHER_QOS_DEFAULT);
  auto sub = pp->create_subscriber(SUBSCRIBER_QOS_DEFAULT);
  Echo<String> string(pp, pub, sub, "std_msgs::msg::dds_::String_", "string");
  Echo<Imu> imu(pp, pub, sub, "sensor_msgs::msg::dds_::Imu_", "imu");
  Echo<JointState> joints(pp, pub, sub, "sensor_msgs::msg::dds_::JointState_", "joints");
  Echo<Image> image(pp, pub, sub, "sensor_msgs::msg::dds_::Image_", "image");
  for (;;) {
    string.pump(); imu.pump(); joints.pump(); image.pump();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}
